package microps.sim.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import microps.core.tcp.TcpInfo;
import microps.core.tcp.TcpSocket;
import microps.sim.script.Statement.CodeLine;
import org.jspecify.annotations.Nullable;

/// `%{ assert CONDITION, MESSAGE }%` about the numbers of the connection that was opened last. What
/// is not of this form is unreadable.
final class Assertions {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?s)([a-zA-Z_]\\w*)\\s*([+-]?)=(?!=)\\s*(.+)");

  private final CodeLine line;
  private final Calls calls;

  private final long now;
  private final Map<String, Double> variables;

  /// @param variables what earlier code has kept, and this one may change
  Assertions(CodeLine line, Calls calls, long now, Map<String, Double> variables) {
    this.variables = variables;
    this.line = line;
    this.now = now;
    this.calls = calls;
  }

  void check() {
    for (String part : statements(line.code())) {
      String text = part.strip();
      if (!text.isEmpty() && !text.matches("print\\b.*")) {
        Matcher m = ASSIGNMENT.matcher(text);
        if (m.matches()) {
          assign(m.group(1), m.group(2), m.group(3));
        } else {
          checkOne(text);
        }
      }
    }
  }

  private void assign(String name, String operator, String expression) {
    double value = Condition.value(line.line(), expression, n -> value(n, null));
    Double before = variables.get(name);
    if (!operator.isEmpty() && before == null) {
      throw new Unreadable(line.line(), "'" + name + "' has no value yet");
    }
    variables.put(
        name,
        before == null || operator.isEmpty()
            ? value
            : operator.equals("+") ? before + value : before - value);
  }

  /// The value of a variable, or of a number of the connection.
  private double value(String name, @Nullable Map<String, Double> used) {
    Double variable = variables.get(name);
    Integer constant = TcpNumbers.constant(name);
    if (variable == null && constant != null) {
      return constant;
    }
    double value = variable != null ? variable : numbers().value(name);
    if (used != null) {
      used.put(name, value);
    }
    return value;
  }

  private TcpNumbers numbers() {
    TcpSocket socket = calls.newestConnection();
    TcpInfo info = socket == null ? null : socket.info(now);
    if (socket == null || info == null) {
      throw new Mismatch("there is no connection to assert something about");
    }
    return new TcpNumbers(line.line(), socket, info);
  }

  /// Cut at line ends and semicolons, except within brackets; without comments.
  private static List<String> statements(String code) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int depth = 0;
    for (String row : code.replaceAll("\\\\\\s*\n", " ").split("\n")) {
      for (char c : row.replaceAll("#.*", "").toCharArray()) {
        depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
        if (c == ';' && depth == 0) {
          parts.add(part.toString());
          part.setLength(0);
        } else if (c != '\\') {
          part.append(c);
        }
      }
      part.append(' ');
      if (depth <= 0) {
        parts.add(part.toString());
        part.setLength(0);
        depth = 0;
      }
    }
    parts.add(part.toString());
    return parts;
  }

  private void checkOne(String text) {
    if (!text.matches("(?s)assert\\b.*")) {
      throw new Unreadable(line.line(), "the code '" + text + "' is not understood");
    }
    String condition = withoutMessage(text.substring("assert".length())).strip();
    Map<String, Double> used = new LinkedHashMap<>();
    double holds = Condition.value(line.line(), condition, name -> value(name, used));
    if (holds == 0) {
      StringBuilder seen = new StringBuilder();
      used.forEach((name, value) ->
          seen.append(seen.isEmpty() ? "" : ", ")
              .append(name)
              .append(" is ")
              .append(number(value)));
      throw new Mismatch("assert " + condition + ": " + seen);
    }
  }

  private static String number(double value) {
    return value == (long) value ? Long.toString((long) value) : Double.toString(value);
  }

  /// What stands before the first comma outside brackets.
  private static String withoutMessage(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        return text.substring(0, i);
      }
    }
    return text;
  }
}
