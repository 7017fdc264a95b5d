package microps.sim.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An argument or result of a call.
sealed interface Expression {
  /// `...`: the player knows what belongs there.
  record Ellipsis() implements Expression {}

  /// A number.
  record Int(long value) implements Expression {}

  /// A name, such as of a constant.
  record Word(String name) implements Expression {}

  /// Text between quotes.
  record Text(String text) implements Expression {}

  /// `a|b|...`
  record Or(List<Expression> parts) implements Expression {}

  /// `[a, b, ...]`
  record Array(List<Expression> items) implements Expression {}

  /// `{a, b, ...}`
  record Struct(List<Expression> items) implements Expression {
    /// The value of the field of this name, or null.
    @Nullable Expression field(String name) {
      for (Expression item : items) {
        if (item instanceof Assign assign && assign.name.equals(name)) {
          return assign.value;
        }
      }
      return null;
    }
  }

  /// `name = value`
  record Assign(String name, Expression value) implements Expression {}

  /// `name(arguments)`, as in `htons(80)`.
  record Apply(String name, List<Expression> arguments) implements Expression {}
}
