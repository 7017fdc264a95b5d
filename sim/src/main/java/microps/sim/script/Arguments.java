package microps.sim.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.sim.script.Statement.CallLine;

/// The arguments of a call of the socket interface.
final class Arguments {
  private final CallLine call;

  Arguments(CallLine call) {
    this.call = call;
  }

  /// The name of the call.
  String name() {
    return call.name();
  }

  int line() {
    return call.line();
  }

  /// How many there are.
  int size() {
    return call.arguments().size();
  }

  Unreadable unreadable(String message) {
    return new Unreadable(call.line(), message);
  }

  Expression get(int index) {
    if (index >= call.arguments().size()) {
      throw unreadable(call.name() + " has too few arguments");
    }
    return call.arguments().get(index);
  }

  long integer(int index) {
    return integer(get(index));
  }

  long integer(Expression expression) {
    if (expression instanceof Expression.Int(long value)) {
      return value;
    }
    throw unreadable("a number was expected in " + call.name());
  }

  /// A word, or words joined by `|`; `...` and numbers count for nothing.
  List<String> words(int index) {
    return words(get(index));
  }

  List<String> words(Expression expression) {
    return switch (expression) {
      case Expression.Word(String name) -> List.of(name);
      case Expression.Or(List<Expression> parts) -> {
        List<String> all = new ArrayList<>();
        parts.forEach(p -> all.addAll(words(p)));
        yield all;
      }
      case Expression.Ellipsis e -> List.of();
      case Expression.Int(long value) when value == 0 -> List.of();
      default -> throw unreadable("a name was expected in " + call.name());
    };
  }

  /// The number in `[n]`.
  long boxed(int index) {
    if (get(index) instanceof Expression.Array(List<Expression> items) && items.size() == 1) {
      return integer(items.getFirst());
    }
    throw unreadable("a number in [] was expected in " + call.name());
  }

  /// The text in `"text"` or `["text"]`.
  String text(int index) {
    Expression e = get(index);
    if (e instanceof Expression.Array(List<Expression> items) && items.size() == 1) {
      e = items.getFirst();
    }
    if (e instanceof Expression.Text(String text)) {
      return text;
    }
    throw unreadable("a text in quotes was expected in " + call.name());
  }

  /// Compares the number in `[n]` with one that the call gave.
  void compare(int index, long found) {
    if (get(index) instanceof Expression.Array(List<Expression> items)
        && items.size() == 1
        && items.getFirst() instanceof Expression.Ellipsis) {
      return;
    }
    long expected = boxed(index);
    if (expected != found) {
      throw new Mismatch(call.name() + " gave " + found + ", not " + expected);
    }
  }

  /// A socket address, or for `...` the usual one.
  Endpoint endpoint(int index, Endpoint usual) {
    return endpoint(get(index), usual);
  }

  Endpoint endpoint(Expression e, Endpoint usual) {
    if (e instanceof Expression.Ellipsis) {
      return usual;
    }
    if (e instanceof Expression.Struct struct
        && struct.field("sin_port") instanceof Expression.Apply(String h, List<Expression> port)
        && struct.field("sin_addr") instanceof Expression.Apply(String i, List<Expression> addr)
        && port.size() == 1
        && addr.size() == 1) {
      if (addr.getFirst() instanceof Expression.Word(String any) && any.equals("INADDR_ANY")) {
        return new Endpoint(Ipv4Address.ANY, (int) integer(port.getFirst()));
      }
      if (addr.getFirst() instanceof Expression.Text(String address)) {
        try {
          return new Endpoint(Ipv4Address.parse(address), (int) integer(port.getFirst()));
        } catch (IllegalArgumentException ex) {
          throw unreadable(Objects.toString(ex.getMessage()));
        }
      }
    }
    throw unreadable("a socket address was expected in " + call.name());
  }
}
