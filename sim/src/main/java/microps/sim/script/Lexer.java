package microps.sim.script;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts the text of a script into tokens; comments and white space vanish.
final class Lexer {
  /// What a token is.
  enum Kind {
    /// A decimal or hexadecimal integer.
    INTEGER,
    /// A number with a decimal point.
    FLOAT,
    /// Letters, digits, underscores.
    WORD,
    /// What stood between double quotes.
    STRING,
    /// What stood between back quotes: a shell command.
    COMMAND,
    /// What stood between `%{` and `}%`.
    CODE,
    /// Four numbers with points between them.
    ADDRESS,
    /// `...`
    ELLIPSIS,
    /// `--name`
    OPTION,
    /// Any other character.
    SYMBOL,
    /// Nothing more.
    END
  }

  /// A token.
  ///
  /// @param text its text, without quotes
  /// @param line the line it begins on, from 1
  record Token(Kind kind, String text, int line) {
    boolean is(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isWord(String word) {
      return kind == Kind.WORD && text.equals(word);
    }

    long number() {
      return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
    }

    @Override
    public String toString() {
      return kind == Kind.END ? "the end" : "'" + text + "'";
    }
  }

  private static final Pattern CONFIG = Pattern.compile("//\\s*config:(.*)");

  private record Rule(Kind kind, Pattern pattern) {}

  // The first that matches wins.
  private static final List<Rule> RULES =
      List.of(
          rule(Kind.CODE, "%\\{((?s:.)*?)\\}%"),
          rule(Kind.STRING, "\"((?:\\\\.|[^\"\\\\])*)\""),
          rule(Kind.COMMAND, "`([^`]*)`"),
          rule(Kind.ELLIPSIS, "(\\.\\.\\.)"),
          rule(Kind.OPTION, "--([a-zA-Z0-9_]+)"),
          rule(Kind.ADDRESS, "([0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+)"),
          rule(Kind.INTEGER, "(0x[0-9a-fA-F]+)"),
          rule(Kind.FLOAT, "(-?[0-9]*\\.[0-9]+)"),
          rule(Kind.WORD, "([0-9]*[a-zA-Z_][a-zA-Z0-9_]*)"),
          rule(Kind.INTEGER, "(-?[0-9]+)"),
          rule(Kind.SYMBOL, "(.)"));
  private static final Pattern BLANK = Pattern.compile("(?:\\s|//[^\\n]*|/\\*(?s:.)*?\\*/)+");

  private Lexer() {}

  private static Rule rule(Kind kind, String pattern) {
    return new Rule(kind, Pattern.compile(pattern));
  }

  /// All tokens; the last is of kind END.
  static List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    int line = 1;
    Matcher blank = BLANK.matcher(text);
    while (true) {
      if (blank.region(at, text.length()).lookingAt()) {
        line += lines(blank.group());
        at = blank.end();
      }
      if (at == text.length()) {
        tokens.add(new Token(Kind.END, "", line));
        return tokens;
      }
      for (Rule rule : RULES) {
        Matcher m = rule.pattern.matcher(text).region(at, text.length());
        if (m.lookingAt()) {
          tokens.add(new Token(rule.kind, m.group(1), line));
          line += lines(m.group());
          at = m.end();
          break;
        }
      }
    }
  }

  /// Our own extension, a comment to packetdrill: `// config: name=value ...`, each with its line.
  static List<Token> configs(String text) {
    List<Token> found = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      Matcher m = CONFIG.matcher(lines[i].strip());
      if (m.matches()) {
        found.add(new Token(Kind.OPTION, m.group(1).strip(), i + 1));
      }
    }
    return found;
  }

  private static int lines(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }
}
