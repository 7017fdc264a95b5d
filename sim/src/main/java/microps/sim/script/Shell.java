package microps.sim.script;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The shell lines of a script: nothing is run. Settings become knobs of the stack where it has
/// them; what only prepares a machine is passed over with a note; all else is unreadable.
final class Shell {
  private static final Pattern SYSCTL = Pattern.compile("sysctl\\b(.*)");
  private static final Pattern SETTING =
      Pattern.compile("([a-z0-9_./]+)\\s*=\\s*(\"[^\"]*\"|\\S*)");
  private static final Pattern SPACED =
      Pattern.compile("([a-z0-9_./]+)\\s*=\\s*\"?([^\"=]*?)\"?\\s*");

  /// Prepares the machine that packetdrill runs on, or tidies it up.
  private static final Pattern HARMLESS =
      Pattern.compile(
          "[./a-z]*defaults\\.sh|/tmp/sysctl_restore_\\S*|ethtool\\s.*|sync"
              + "|ip tcp_metrics flush.*|tc qdisc .*|nstat( -n\\S*)?|true|cd \\S+|export \\S+"
              + "|modprobe \\S+|kldload( -n)? \\S+|ip netns exec \\S+ true|ip link set dev \\S+ g[sr]o_\\S.*");

  private final Setup setup;
  private final int line;
  private final boolean atStart;

  /// @param atStart whether nothing has happened yet
  Shell(Setup setup, int line, boolean atStart) {
    this.setup = setup;
    this.line = line;
    this.atStart = atStart;
  }

  void run(String commands) {
    for (String part : commands.replace("\\\n", " ").split("[\n;]|&&|\\|\\|")) {
      String command =
          part.replaceAll("(^|\\s)#.*", "")
              .replaceAll("([2&]?>&?\\s*(/dev/null|[12])\\s*)+$", "")
              .strip();
      if (!command.isEmpty()) {
        one(command);
      }
    }
  }

  private void one(String command) {
    Matcher sysctl = SYSCTL.matcher(command);
    if (sysctl.matches()) {
      settings(command, sysctl.group(1).replaceAll("\\s-[a-z]+\\b", " ").strip());
    } else if (command.matches("[./a-z_]*set_sysctls\\.py\\s.*")) {
      settings(command, command.substring(command.indexOf(' ')).strip());
    } else if (HARMLESS.matcher(command).matches()) {
      if (command.endsWith("defaults.sh")) {
        Sysctls.defaults(setup, line);
      }
      if (!command.equals("true")) {
        note(command);
      }
    } else {
      throw new Unreadable(line, "the command '" + command + "' is not supported");
    }
  }

  private void settings(String command, String text) {
    Matcher spaced = SPACED.matcher(text);
    if (spaced.matches()) { // one value, perhaps of several numbers
      setting(command, spaced.group(1), spaced.group(2));
      return;
    }
    Matcher each = SETTING.matcher(text);
    boolean any = false;
    while (each.find()) {
      any = true;
      setting(command, each.group(1), each.group(2).replace("\"", ""));
    }
    if (!any) {
      throw new Unreadable(line, "the command '" + command + "' is not supported");
    }
  }

  private void setting(String command, String name, String value) {
    String key = name.replaceFirst("^/proc/sys/", "").replace('/', '.');
    Sysctls.Fate fate = Sysctls.set(setup, line, key, value.strip(), atStart);
    if (fate == Sysctls.Fate.UNKNOWN) {
      note(command);
    } else if (fate == Sysctls.Fate.TOO_LATE) {
      throw new Unreadable(line, key + " is changed while the script runs");
    }
  }

  private void note(String command) {
    setup.note(line, command.replaceAll("\\s+", " "));
  }
}
