package microps.bench.speed;

import java.math.BigDecimal;
import java.util.Locale;

/// What is wanted of a figure.
///
/// @param kind of what the numbers are
/// @param goal what is aimed at
/// @param least what is asked at least
record Target(Kind kind, double goal, double least) {

  /// Of what the numbers are.
  enum Kind {
    /// A ratio to the reference, the more the better.
    RATIO,
    /// The figure itself, the more the better.
    MORE,
    /// The figure itself, the less the better.
    LESS,
    /// Nothing is wanted: the figure is shown.
    NONE
  }

  /// Which of the two numbers is reached.
  enum Verdict {
    GOAL("goal"),
    LEAST("at least"),
    NO("NO"),
    UNKNOWN("-");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  static final Target NONE = new Target(Kind.NONE, Double.NaN, Double.NaN);

  static Target ratio(double goal, double least) {
    return new Target(Kind.RATIO, goal, least);
  }

  static Target more(double goal, double least) {
    return new Target(Kind.MORE, goal, least);
  }

  static Target less(double goal, double least) {
    return new Target(Kind.LESS, goal, least);
  }

  /// @param value the figure
  /// @param ratio to the reference; NaN where there is none
  Verdict verdict(double value, double ratio) {
    double reached = kind == Kind.RATIO ? ratio : value;
    if (kind == Kind.NONE || Double.isNaN(reached)) {
      return Verdict.UNKNOWN;
    }
    return reaches(reached, goal)
        ? Verdict.GOAL
        : reaches(reached, least) ? Verdict.LEAST : Verdict.NO;
  }

  private boolean reaches(double value, double wanted) {
    return kind == Kind.LESS ? value <= wanted : value >= wanted;
  }

  /// Whether less of the figure is better.
  boolean isLess() {
    return kind == Kind.LESS;
  }

  /// One of the two numbers, as it stands in a table.
  String text(double number) {
    return switch (kind) {
      case RATIO -> digits(number) + "x";
      case MORE -> ">= " + digits(number);
      case LESS -> "<= " + digits(number);
      case NONE -> "-";
    };
  }

  private static String digits(double number) {
    return Math.abs(number) >= 10 || number == 0
        ? String.format(Locale.ROOT, "%,.0f", number)
        : new BigDecimal(Double.toString(number)).toPlainString();
  }
}
