package microps.core.view;

import java.util.ArrayList;
import java.util.List;

/// A table in columns of text: numbers to the right, words to the left, two spaces between.
public final class TextTable {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  /// A table without rows.
  ///
  /// @param header the column names; one that begins with `>` stands, as its column, to the right
  public TextTable(String... header) {
    this.header = List.of(header);
  }

  /// Adds a row.
  ///
  /// @throws IllegalArgumentException where it has another number of cells than the header
  public TextTable row(Object... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns");
    }
    List<String> row = new ArrayList<>(cells.length);
    for (Object cell : cells) {
      row.add(cell.toString());
    }
    rows.add(row);
    return this;
  }

  /// Whether it has no rows.
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /// The table, each line indented by `indent` spaces and ended by a line feed.
  public String text(int indent) {
    int[] widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = label(i).length();
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      labels.add(label(i));
    }
    line(text, labels, widths, indent);
    for (List<String> row : rows) {
      line(text, row, widths, indent);
    }
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells, int[] widths, int indent) {
    StringBuilder line = new StringBuilder();
    line.repeat(' ', indent);
    for (int i = 0; i < widths.length; i++) {
      int pad = widths[i] - cells.get(i).length();
      line.repeat(' ', isRight(i) ? pad : 0).append(cells.get(i));
      line.repeat(' ', (isRight(i) ? 0 : pad) + 2);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private boolean isRight(int column) {
    return header.get(column).startsWith(">");
  }

  private String label(int column) {
    return isRight(column) ? header.get(column).substring(1) : header.get(column);
  }
}
