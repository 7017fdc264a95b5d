package microps.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/// One chapter of the page of results is replaced, the others stay.
class ResultsTest {
  private static final String NEW =
      Results.chapter(LocalDate.of(2026, 11, 23), "A machine.", "figure ratio\nx 1.0\n");
  private static final String PATH = "## `./microps bench path`, 1 May 2026\n\nOther.\n";

  @Test
  void aChapterComesFirstAndReplacesTheOneBefore() {
    String page = "# Results\n\nRatios first.\n\n" + PATH;
    String once = Results.with(page, NEW);
    assertThat(once)
        .isEqualTo(
            """
            # Results

            Ratios first.

            ## `./microps bench`, 23 November 2026

            A machine.

            ```
            figure ratio
            x 1.0
            ```

            ## `./microps bench path`, 1 May 2026

            Other.
            """);
    assertThat(Results.with(once, NEW)).isEqualTo(once);
    String other = Results.chapter(LocalDate.of(2027, 1, 2), "B.", "y");
    assertThat(Results.with(once, other)).contains("2 January 2027", PATH).doesNotContain("A mach");
    assertThat(Results.with("", NEW)).isEqualTo(NEW + "\n");
  }

  @Test
  void theMachineIsNamed() throws Exception {
    assertThat(Results.machine()).contains("JDK " + Runtime.version().feature());
  }
}
