package microps.bench.speed;

import java.util.List;
import microps.bench.peer.Hosts;
import microps.bench.peer.Mark;

/// What the stack itself does: two microps hosts on one thread of a process of its own, which is
/// new for each run.
///
/// @param result what is taken of it
/// @param reference what is done with less, to compare; empty where there is nothing to compare
/// @param measured what is done: commands of [Hosts], in which NANOS stands for the time that a run
///   lasts, and WARM for that of the warm-up
record HostsTrial(Result result, List<String> reference, List<String> measured) implements Trial {
  private static final int PATIENCE_SECONDS = 600;
  private static final List<String> OPTIONS =
      List.of("-Xms512m", "-Xmx8g", "-XX:+UseSerialGC", "-XX:-UsePerfData");

  /// What is taken of the last command's answer.
  enum Result {
    BITS("Gb/s", Per.BYTE),
    OPERATIONS("1000/s", Per.OPERATION),
    COUNT("", Per.NOTHING),
    HEAP("B", Per.NOTHING);

    private final String unit;
    private final Per per;

    Result(String unit, Per per) {
      this.unit = unit;
      this.per = per;
    }

    Sample sample(Mark mark) {
      return switch (this) {
        case BITS -> Sample.of(8.0 * mark.read() / mark.nanos(), mark.read(), mark);
        case OPERATIONS ->
            Sample.of(1e6 * mark.operations() / mark.nanos(), mark.operations(), mark);
        case COUNT -> Sample.of(mark.operations());
        case HEAP -> Sample.of(mark.read());
      };
    }
  }

  @Override
  public String unit() {
    return result.unit;
  }

  @Override
  public Per per() {
    return result.per;
  }

  @Override
  public boolean hasReference() {
    return !reference.isEmpty();
  }

  @Override
  public int mostRuns() {
    return result.per == Per.NOTHING ? 1 : Integer.MAX_VALUE;
  }

  @Override
  public boolean staysWarm() {
    return false;
  }

  @Override
  public Sample measure(Lab lab, Who who, long nanos) throws Exception {
    return lab.use(
        PeerProcess.start(null, List.of(), OPTIONS, Hosts.class),
        process -> {
          String answer = "";
          for (String command : who == Who.MICROPS ? measured : reference) {
            String text =
                command
                    .replace("NANOS", Long.toString(nanos))
                    .replace("WARM", Long.toString(lab.warmUp()));
            answer = process.ask(text, PATIENCE_SECONDS);
          }
          return result.sample(Mark.parse(answer));
        });
  }
}
