package microps.sim.script;

/// Scripts as tests: `Scripts.check("""...""")` in any test framework.
public final class Scripts {
  private Scripts() {}

  /// Plays a script; nothing happens if it comes true.
  ///
  /// @throws AssertionError with the line, what was expected and what was seen
  public static void check(String script) {
    Script.Result result = Script.play(script);
    if (!result.passed()) {
      throw new AssertionError(result.toString());
    }
  }
}
