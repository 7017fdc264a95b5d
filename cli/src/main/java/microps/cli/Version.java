package microps.cli;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/// What `--version` prints, of the program and of each command.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    ModuleDescriptor module = Version.class.getModule().getDescriptor();
    String version = module == null ? "?" : module.rawVersion().orElse("?");
    return new String[] {"microps " + version};
  }
}
