package microps.cli;

import picocli.CommandLine.IVersionProvider;

/// What `--version` prints, of the program and of each command.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"microps " + (version == null ? "(development)" : version)};
  }
}
