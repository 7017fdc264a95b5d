package microps.sim.script;

/// Whose habits a script counts on, where the RFCs leave a choice. `// config: profile=NAME` in a
/// script says it too.
public enum Profile {
  /// The stack as it is, every packet looked at: what no line expects is a failure.
  MICROPS,
  /// For scripts written against Linux, read as packetdrill reads them: packets after the last line
  /// do not matter, and a line may stand for segments that follow one another.
  LINUX
}
