package microps.sim.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An expression as Python writes it, as far as assertions need it: numbers, names, arithmetic,
/// chains of comparisons, `and`, `or`, `not`. Truth is 1, falsehood 0.
final class Condition {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(0x[0-9a-fA-F]+|[0-9]+\\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\\.[0-9]+|\\w+"
              + "|==|!=|<=|>=|<<|>>|//|[-+*/%&|^~<>(),])\\s*");

  private final int line;
  private final String text;
  private final ToDoubleFunction<String> names;
  private final List<String> tokens = new ArrayList<>();
  private int at;

  /// @param names gives the value of a name
  private Condition(int line, String text, ToDoubleFunction<String> names) {
    this.line = line;
    this.text = text;
    this.names = names;
    Matcher m = TOKEN.matcher(text);
    int end = 0;
    while (end < text.length() && m.region(end, text.length()).lookingAt()) {
      tokens.add(m.group(1));
      end = m.end();
    }
    if (end < text.length()) {
      throw unreadable();
    }
  }

  /// Its value; 0: it does not hold.
  ///
  /// @param text the expression, without a message for people
  static double value(int line, String text, ToDoubleFunction<String> names) {
    Condition c = new Condition(line, text, names);
    double value = c.or();
    if (c.at != c.tokens.size()) {
      throw c.unreadable();
    }
    return value;
  }

  private Unreadable unreadable() {
    return new Unreadable(line, "the code '" + text + "' is not understood");
  }

  private String peek() {
    return at < tokens.size() ? tokens.get(at) : "";
  }

  private boolean accept(String token) {
    if (peek().equals(token)) {
      at++;
      return true;
    }
    return false;
  }

  private static double truth(boolean value) {
    return value ? 1 : 0;
  }

  private double or() {
    double value = and();
    while (accept("or")) {
      double right = and();
      value = truth(value != 0 || right != 0);
    }
    return value;
  }

  private double and() {
    double value = not();
    while (accept("and")) {
      double right = not();
      value = truth(value != 0 && right != 0);
    }
    return value;
  }

  private double not() {
    return accept("not") ? truth(not() == 0) : comparison();
  }

  private double comparison() {
    double left = bits(0);
    boolean all = true;
    boolean any = false;
    while (List.of("==", "!=", "<", "<=", ">", ">=").contains(peek())) {
      String operator = tokens.get(at++);
      double right = bits(0);
      any = true;
      all &=
          switch (operator) {
            case "==" -> left == right;
            case "!=" -> left != right;
            case "<" -> left < right;
            case "<=" -> left <= right;
            case ">" -> left > right;
            default -> left >= right;
          };
      left = right;
    }
    return any ? truth(all) : left;
  }

  /// From the loosest to the tightest binding.
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("|"),
          List.of("^"),
          List.of("&"),
          List.of("<<", ">>"),
          List.of("+", "-"),
          List.of("*", "/", "//", "%"));

  private double bits(int level) {
    if (level == LEVELS.size()) {
      return unary();
    }
    double left = bits(level + 1);
    while (LEVELS.get(level).contains(peek())) {
      String operator = tokens.get(at++);
      double right = bits(level + 1);
      left =
          switch (operator) {
            case "|" -> (long) left | (long) right;
            case "^" -> (long) left ^ (long) right;
            case "&" -> (long) left & (long) right;
            case "<<" -> (long) left << (long) right;
            case ">>" -> (long) left >> (long) right;
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            default -> left - right * Math.floor(left / right);
          };
    }
    return left;
  }

  private double unary() {
    if (accept("-")) {
      return -unary();
    }
    if (accept("~")) {
      return ~(long) unary();
    }
    if (accept("+")) {
      return unary();
    }
    if (accept("(")) {
      double value = or();
      if (!accept(")")) {
        throw unreadable();
      }
      return value;
    }
    String token = peek();
    at++;
    if (token.matches("[0-9.].*")) {
      try {
        return token.startsWith("0x")
            ? Long.parseLong(token.substring(2), 16)
            : Double.parseDouble(token);
      } catch (NumberFormatException e) {
        throw unreadable();
      }
    }
    if (!token.matches("[a-zA-Z_]\\w*")) {
      throw unreadable();
    }
    if (accept("(")) {
      return function(token);
    }
    return switch (token) {
      case "True" -> 1;
      case "False" -> 0;
      default -> names.applyAsDouble(token);
    };
  }

  private double function(String name) {
    List<Double> arguments = new ArrayList<>();
    do {
      arguments.add(or());
    } while (accept(","));
    if (!accept(")")) {
      throw unreadable();
    }
    double first = arguments.getFirst();
    return switch (name) {
      case "abs" -> Math.abs(first);
      case "int" -> (long) first;
      case "min" -> arguments.stream().mapToDouble(d -> d).min().orElse(first);
      case "max" -> arguments.stream().mapToDouble(d -> d).max().orElse(first);
      default -> throw unreadable();
    };
  }
}
