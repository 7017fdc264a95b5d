package microps.sim.goodput;

import java.util.List;
import java.util.Locale;
import microps.sim.QueueStats;
import microps.sim.SimQueue;

/// [GoodputTables] as the text of docs/GOODPUT.md.
public final class GoodputPage {
  private final GoodputTables tables;
  private final StringBuilder out = new StringBuilder();

  private GoodputPage(GoodputTables tables) {
    this.tables = tables;
  }

  /// The page.
  public static String of(GoodputTables tables) {
    GoodputPage page = new GoodputPage(tables);
    page.head();
    page.byLoss();
    page.byBuffer();
    page.byBufferOnQueue();
    page.smoltcp();
    page.longFat();
    page.sharing();
    page.queues();
    page.shortfalls();
    return page.out.toString();
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }

  private void head() {
    out.append(
        """
        # Goodput

        What a connection gets out of a path, in virtual time: the same numbers on every machine, to the last digit. This page is written by
        `./mvnw -pl sim -am test -Dtest=GoodputTest -Dsurefire.failIfNoSpecifiedTests=false`, which fails where a number has changed; the diff is
        what a change to loss recovery or congestion control did.

        - Goodput is bytes of text that the receiving program has read, in a second, from the call to connect on unless it says otherwise.
        - The share is of what the path allows: its rate less headers, or what the buffers let be under way, less what is lost of it.
        - Frames are lost independently of each other, in each direction independently: acknowledgments as often as data.
        - An MTU of 1500; the queue in front of the path is drop-tail unless it says otherwise. Where there is loss, a number is the mean of 3
          seeds (smoltcp's grid: 2; the long fat path: 1).
        - Where the size of the buffers is given, the programs look for room and for text after each segment, before the stack answers, and
          TCP_NODELAY is set: what is measured is the buffer, not how soon a thread wakes up or what Nagle's algorithm waits for.
        - One trial by hand, with the course of cwnd: see "One simulated transfer" in CONTRIBUTING.md.
        """);
  }

  private void begin(String title, String text) {
    line("");
    line("## %s", title);
    line("");
    out.append(text);
  }

  private void algorithms(String first) {
    StringBuilder names = new StringBuilder(String.format(Locale.ROOT, "%10s", first));
    tables.algorithms().forEach(a -> names.append(String.format("  %20s", a.name())));
    line("%s", names);
  }

  private void row(String first, List<Cell> cells) {
    StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%10s", first));
    for (Cell c : cells) {
      row.append(String.format(Locale.ROOT, "  %,12.0f %5.1f %%", c.goodput(), 100 * c.share()));
    }
    line("%s", row);
  }

  private static String percent(double loss) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * loss);
  }

  private static String size(int bytes) {
    if (bytes >= 1 << 20) {
      return (bytes >> 20) + " MiB";
    }
    return bytes >= 1024 ? (bytes >> 10) + " KiB" : bytes + " B";
  }

  private void byLoss() {
    begin(
        "By loss",
        """
        10 Mb/s, a queue of one bandwidth-delay product (at least 15,000 bytes), buffers as the stack chooses; 4 MiB, at most 60 s. Bytes a
        second, and the share.
        """);
    for (List<Cell> rtt : GoodputTables.groups(tables.byLoss(), Trial::roundTrip)) {
      line("");
      line("```");
      line("RTT %d ms", rtt.getFirst().trial().roundTrip() / 1_000_000);
      algorithms("loss");
      for (List<Cell> row : GoodputTables.groups(rtt, Trial::lossRate)) {
        row(percent(row.getFirst().trial().lossRate()), row);
      }
      line("```");
    }
  }

  private void byBuffer() {
    begin(
        "By buffer",
        """
        100 Mb/s, a queue that is never full, sending and receiving buffers of this size; 2 MiB, at most 20 s. Bytes a second, and the share. A
        larger buffer never gives less: not by more than 1 % (how a transfer starts and ends differs a little from size to size), and three
        standard errors, as loss is random.
        """);
    for (List<Cell> rtt : GoodputTables.groups(tables.byBuffer(), Trial::roundTrip)) {
      for (List<Cell> loss : GoodputTables.groups(rtt, Trial::lossRate)) {
        Trial t = loss.getFirst().trial();
        bySize(
            String.format(
                Locale.ROOT,
                "RTT %d ms, loss %s",
                t.roundTrip() / 1_000_000,
                percent(t.lossRate())),
            loss);
      }
    }
  }

  private void byBufferOnQueue() {
    begin(
        "By buffer, with a queue that can be full",
        """
        The same without random loss, and with a queue of one bandwidth-delay product, at least of 64 frames, as an interface has; 8 MiB. A
        larger buffer never gives less, not by more than 1 %. A queue so short that losses follow each other within a few round trips, ten
        frames at 1 ms, is another matter for every TCP that takes losses for congestion: a buffer less than path and queue then never loses,
        and one a little larger is full, after each loss, of what waits behind it.
        """);
    for (List<Cell> rtt : GoodputTables.groups(tables.byBufferOnQueue(), Trial::roundTrip)) {
      long millis = rtt.getFirst().trial().roundTrip() / 1_000_000;
      bySize(String.format(Locale.ROOT, "RTT %d ms", millis), rtt);
    }
  }

  private void bySize(String title, List<Cell> cells) {
    line("");
    line("```");
    line("%s", title);
    algorithms("buffer");
    for (List<Cell> row : GoodputTables.groups(cells, Trial::buffer)) {
      row(size(row.getFirst().trial().buffer()), row);
    }
    line("```");
  }

  private void smoltcp() {
    begin(
        "smoltcp's grid",
        """
        smoltcp's own simulation, the numbers that its repository has: 100 ms RTT, 32 KiB buffers, no limit of rate, 10 MiB. Ours on the same
        path, how many times smoltcp's that is, and how many times it is to be at least. The column that is to reach the targets is BBR's: of what
        may share a network, it alone can. CUBIC and NewReno give way to every loss: by the response function of RFC 5681, which CUBIC follows
        here (RFC 9438, section 4.3), not more than 178,000 bytes a second at 1 %, 80,000 at 5 %. BBR gives way where segments beside those lost
        have waited in a queue; without a queue only above 10 %. smoltcp itself has no congestion control here: it always has a full window
        under way. Its like is the last column, a window that nothing reduces (`FixedWindow`): what loss recovery alone makes of the path.

        ```
        """);
    line(
        "%10s  %10s  %6s%s",
        "loss",
        "smoltcp",
        "target",
        columns("  %20s") + String.format("  %20s", FixedWindow.ALGORITHM));
    int i = 0;
    for (List<Cell> row : GoodputTables.groups(tables.smoltcp(), Trial::lossRate)) {
      int theirs = GoodputTables.SMOLTCP.get(i);
      StringBuilder text = new StringBuilder();
      for (Cell c : row) {
        text.append(
            String.format(Locale.ROOT, "  %,12.0f %5.2f x", c.goodput(), c.goodput() / theirs));
      }
      line(
          "%10s  %,10d  %4.1f x%s",
          percent(row.getFirst().trial().lossRate()),
          theirs,
          GoodputTables.SMOLTCP_TARGETS.get(i),
          text);
      i++;
    }
    line("```");
  }

  private String columns(String format) {
    StringBuilder names = new StringBuilder();
    tables.algorithms().forEach(a -> names.append(String.format(format, a.name())));
    return names.toString();
  }

  private void longFat() {
    begin(
        "A long fat path",
        """
        100 Mb/s, 50 ms RTT, a queue of one bandwidth-delay product (625,000 bytes), buffers as the stack chooses; one connection, measured from
        2 s to 12 s after its start. Targets: 95 % of the path without loss; BBR 85 % at 1 %.

        ```
        """);
    algorithms("loss");
    for (List<Cell> row : GoodputTables.groups(tables.longFat(), Trial::lossRate)) {
      row(percent(row.getFirst().trial().lossRate()), row);
    }
    line("```");
  }

  private void sharing() {
    begin(
        "Flows that share a path",
        """
        The same path, several connections that begin within half a second, measured from 10 s to 30 s, 8 and 64 of them from 20 s to 60 s. Share
        of the path of all together; Jain's index of fairness (1: all have the same): the mean of 3 seeds where there are 8 and 64, and the least
        of them; of the first seed, how long frames waited in the queue, what the queue dropped and marked, what was sent again. Target: Jain's
        index of at least 0.95 for 8 and 64 flows.

        ```
        """);
    line(
        "%10s  %-10s  %7s  %6s  %6s  %s",
        "algorithm", "flows", "share", "Jain", "least", queueColumns());
    for (List<Cell> flows : GoodputTables.groups(tables.sharing(), Trial::flows)) {
      for (Cell c : flows) {
        shared(String.valueOf(c.trial().flows()), c);
      }
    }
    line("```");
  }

  private static String queueColumns() {
    return String.format(
        "%9s %9s %8s %8s %8s", "mean wait", "longest", "dropped", "marked", "again");
  }

  private void shared(String what, Cell c) {
    Outcome o = c.first();
    QueueStats q = o.queue();
    line(
        "%10s  %-10s  %5.1f %%  %6.4f  %6.4f  %6.2f ms %6.2f ms %8d %8d %8d",
        c.trial().algorithm(),
        what,
        100 * c.share(),
        c.fairness(),
        c.leastFairness(),
        q.meanDelay() / 1e6,
        q.maxDelay() / 1e6,
        q.dropped(),
        q.marked(),
        o.retransmits());
  }

  private void queues() {
    begin(
        "Queues",
        """
        The same path with other queues: drop-tail, CoDel (RFC 8289), CoDel that marks what understands ECN, and drop-tail that marks above
        125,000 bytes. Four connections, measured from 2 s to 7 s.

        ```
        """);
    line(
        "%10s  %-10s  %7s  %6s  %6s  %s",
        "algorithm", "queue", "share", "Jain", "least", queueColumns());
    for (List<Cell> queue : GoodputTables.groups(tables.queues(), Trial::queue)) {
      for (Cell c : queue) {
        shared(
            switch (c.trial().queue()) {
              case SimQueue.DropTail d -> "drop-tail";
              case SimQueue.BackPressure b -> "waiting";
              case SimQueue.MarkAbove m -> "threshold";
              case SimQueue.CoDel m -> m.marks() ? "CoDel-ECN" : "CoDel";
            },
            c);
      }
    }
    line("```");
  }

  private void shortfalls() {
    List<String> missing = Shortfalls.all(tables);
    if (!missing.isEmpty()) {
      begin("Not reached", "What these tables must show and do not:\n\n");
      missing.forEach(m -> line("- %s", m));
    }
  }
}
