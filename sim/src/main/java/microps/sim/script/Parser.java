package microps.sim.script;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import microps.sim.script.Lexer.Kind;
import microps.sim.script.Lexer.Token;
import microps.sim.script.Statement.CallLine;
import microps.sim.script.Statement.CodeLine;
import microps.sim.script.Statement.CommandLine;
import microps.sim.script.Statement.PacketLine;
import microps.sim.script.Statement.Time;
import org.jspecify.annotations.Nullable;

/// Text to statements: options first, then events. Packets are read by [PacketParser].
final class Parser {
  /// An option line: `--name=value`, or one assignment of a `// config:` line.
  record Option(int line, String name, String value) {}

  /// A parsed script.
  ///
  /// @param options those of packetdrill's form
  /// @param configs ours
  record Parsed(List<Option> options, List<Option> configs, List<Statement> statements) {}

  private final List<Token> tokens;
  private int at;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /// @throws Unreadable where it is not understood
  static Parsed parse(String text) {
    List<Option> configs = new ArrayList<>();
    for (Token line : Lexer.configs(text)) {
      for (String part : line.text().split("[\\s,]+")) {
        int equals = part.indexOf('=');
        if (equals < 1) {
          throw new Unreadable(line.line(), "'" + part + "' in a config line is not NAME=VALUE");
        }
        configs.add(new Option(line.line(), part.substring(0, equals), part.substring(equals + 1)));
      }
    }
    Parser parser = new Parser(Lexer.tokens(text));
    List<Option> options = parser.options();
    return new Parsed(options, configs, parser.statements());
  }

  // Tokens, shared with PacketParser

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  boolean accept(String symbol) {
    if (peek().is(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  boolean acceptWord(String word) {
    if (peek().isWord(word)) {
      at++;
      return true;
    }
    return false;
  }

  void expect(String symbol) {
    if (!accept(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
  }

  void expectWord(String word) {
    if (!acceptWord(word)) {
      throw unexpected("'" + word + "'");
    }
  }

  String word(String what) {
    if (peek().kind() != Kind.WORD) {
      throw unexpected(what);
    }
    return next().text();
  }

  /// An integer within bounds.
  long integer(String what, long min, long max) {
    if (peek().kind() != Kind.INTEGER) {
      throw unexpected(what);
    }
    Token token = next();
    long value;
    try {
      value = token.number();
    } catch (NumberFormatException e) {
      throw new Unreadable(token.line(), what + " " + token + " is too long");
    }
    if (value < min || value > max) {
      throw new Unreadable(token.line(), what + " " + value + " is not " + min + " to " + max);
    }
    return value;
  }

  Unreadable unexpected(String wanted) {
    Token token = peek();
    return new Unreadable(token.line(), "expected " + wanted + ", found " + token);
  }

  // Options

  private List<Option> options() {
    List<Option> options = new ArrayList<>();
    while (peek().kind() == Kind.OPTION) {
      Token name = next();
      StringBuilder value = new StringBuilder();
      if (accept("=")) {
        while (peek().line() == name.line()
            && peek().kind() != Kind.OPTION
            && peek().kind() != Kind.END) {
          value.append(next().text());
        }
      }
      options.add(new Option(name.line(), name.text(), value.toString()));
    }
    return options;
  }

  // Events

  private List<Statement> statements() {
    List<Statement> statements = new ArrayList<>();
    while (peek().kind() != Kind.END) {
      if (peek().kind() == Kind.COMMAND) { // at the start or the end, without a time
        Token command = next();
        statements.add(
            new CommandLine(command.line(), new Time(true, false, 0, 0), command.text()));
      } else {
        statements.add(statement());
      }
    }
    return statements;
  }

  private Statement statement() {
    int line = peek().line();
    Time time = time();
    Token token = peek();
    if (token.is("<") || token.is(">")) {
      next();
      boolean inbound = token.is("<");
      if (inbound && (time.any() || time.isRange())) {
        throw new Unreadable(line, "only an outbound packet may have a range or * for its time");
      }
      return new PacketLine(line, time, inbound, new PacketParser(this, inbound).packet());
    }
    if (time.any() || time.isRange()) {
      throw new Unreadable(line, "only an outbound packet may have a range or * for its time");
    }
    if (token.kind() == Kind.COMMAND) {
      return new CommandLine(line, time, next().text());
    }
    if (token.kind() == Kind.CODE) {
      return new CodeLine(line, time, next().text().strip());
    }
    Long end = null;
    if (token.kind() == Kind.ELLIPSIS) {
      next();
      accept("+");
      end = seconds();
      if (end < time.from()) {
        throw new Unreadable(line, "the call ends before it begins");
      }
    }
    return call(line, time, end);
  }

  private Time time() {
    if (accept("*")) {
      return Time.ANY;
    }
    boolean relative = accept("+");
    long from = seconds();
    long to = from;
    if (accept("~")) {
      if (relative != accept("+")) {
        throw unexpected(relative ? "'+'" : "a time");
      }
      to = seconds();
    }
    if (to < from) {
      throw new Unreadable(peek().line(), "the time range is backwards");
    }
    return new Time(relative, false, from, to);
  }

  private long seconds() {
    Token token = peek();
    if (token.kind() != Kind.INTEGER && token.kind() != Kind.FLOAT) {
      throw unexpected("a time");
    }
    next();
    try {
      BigDecimal seconds = new BigDecimal(token.text());
      if (seconds.signum() < 0 || seconds.compareTo(BigDecimal.valueOf(1_000_000_000)) > 0) {
        throw new Unreadable(token.line(), "the time " + token + " is out of range");
      }
      return seconds.movePointRight(9).longValue();
    } catch (NumberFormatException e) {
      throw new Unreadable(token.line(), token + " is not a time");
    }
  }

  private CallLine call(int line, Time time, @Nullable Long end) {
    String name = word("a packet, a call, or a command");
    List<Expression> arguments = list("(", ")");
    expect("=");
    Expression result = expression();
    String errno = null;
    if (peek().kind() == Kind.WORD && peek(1).is("(")) {
      errno = next().text();
    }
    if (accept("(")) { // a note for people
      while (!accept(")")) {
        if (peek().kind() == Kind.END) {
          throw unexpected("')'");
        }
        next();
      }
    }
    return new CallLine(line, time, end, name, arguments, result, errno);
  }

  private List<Expression> list(String open, String close) {
    expect(open);
    List<Expression> items = new ArrayList<>();
    if (!accept(close)) {
      do {
        items.add(expression());
      } while (accept(","));
      expect(close);
    }
    return items;
  }

  private Expression expression() {
    Expression first = primary();
    if (!peek().is("|")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (accept("|")) {
      parts.add(primary());
    }
    return new Expression.Or(parts);
  }

  private Expression primary() {
    Token token = peek();
    switch (token.kind()) {
      case ELLIPSIS -> {
        next();
        return new Expression.Ellipsis();
      }
      case INTEGER -> {
        return new Expression.Int(integer("a number", Long.MIN_VALUE, Long.MAX_VALUE));
      }
      case STRING -> {
        StringBuilder text = new StringBuilder();
        while (peek().kind() == Kind.STRING) {
          text.append(next().text());
        }
        if (peek().kind() == Kind.ELLIPSIS) {
          next();
        }
        return new Expression.Text(text.toString());
      }
      case WORD -> {
        next();
        Expression value =
            peek().is("(")
                ? new Expression.Apply(token.text(), list("(", ")"))
                : new Expression.Word(token.text());
        if (accept("=")) {
          return new Expression.Assign(token.text(), expression());
        }
        return value;
      }
      default -> {
        if (token.is("[")) {
          return new Expression.Array(list("[", "]"));
        }
        if (token.is("{")) {
          return new Expression.Struct(list("{", "}"));
        }
        throw unexpected("a value");
      }
    }
  }
}
