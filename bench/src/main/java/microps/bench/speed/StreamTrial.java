package microps.bench.speed;

import microps.bench.Namespaces;
import microps.bench.peer.Mark;
import org.jspecify.annotations.Nullable;

/// TCP between a client on the kernel's sockets and a server.
///
/// @param setting on what
/// @param traffic what is done
/// @param connections how many at a time
record StreamTrial(Setting setting, Traffic traffic, int connections) implements Trial {
  private static final String TIME_WAITS = "ipv4/tcp_max_tw_buckets";

  /// What is done.
  enum Traffic {
    /// The client sends.
    IN("send", Per.BYTE),
    /// The server sends.
    OUT("receive", Per.BYTE),
    /// Both do.
    BOTH("duplex", Per.BYTE),
    /// The client asks with a byte, and the server answers with one.
    ASK("ask", Per.OPERATION),
    /// A connection for each such question, which the client ends with a reset.
    RESET("reset", Per.OPERATION),
    /// The same, which the client ends with a FIN, and the server then too.
    FINISH("finish", Per.OPERATION);

    private final String load;
    private final Per per;

    Traffic(String load, Per per) {
      this.load = load;
      this.per = per;
    }

    /// The command for the client.
    String load(String address, int connections) {
      return "load " + load + " " + address + " " + connections;
    }
  }

  @Override
  public String unit() {
    return traffic.per == Per.BYTE ? "Gb/s" : "1000/s";
  }

  @Override
  public Per per() {
    return traffic.per;
  }

  @Override
  public boolean hasPeers() {
    return connections == 1
        && traffic != Traffic.BOTH
        && (setting.equals(Setting.TAP) ? traffic.per == Per.BYTE : setting.oneCpu());
  }

  @Override
  public @Nullable String missing() {
    return setting.oneCpu() ? Programs.missing("taskset", "util-linux") : null;
  }

  @Override
  public Sample measure(Lab lab, Who who, long nanos) throws Exception {
    Bed bed = lab.bed(setting);
    if (who == Who.LWIP && traffic == Traffic.FINISH) {
      // Without timestamps no port in TIME-WAIT is taken again, and soon there are none: the
      // client does without TIME-WAIT here.
      String before = Namespaces.get(bed.namespace(), TIME_WAITS);
      Namespaces.set(bed.namespace(), TIME_WAITS, "0");
      try {
        return measure(lab, bed, who, nanos);
      } finally {
        Namespaces.set(bed.namespace(), TIME_WAITS, before);
      }
    }
    return measure(lab, bed, who, nanos);
  }

  private Sample measure(Lab lab, Bed bed, Who who, long nanos) throws Exception {
    String load = traffic.load(bed.address(who), connections);
    Marks marks = Marks.take(lab, bed.client(), bed.server(who), load, nanos);
    return sample(traffic, marks.client(), marks.server());
  }

  /// @param client what it did
  /// @param server what it did, and what it took
  static Sample sample(Traffic traffic, Mark client, Mark server) {
    double in = server.read() / (double) server.nanos();
    double out = client.read() / (double) client.nanos();
    // What was read counts, not what lies in buffers.
    return switch (traffic) {
      case IN -> Sample.of(8 * in, server.read(), server);
      case OUT -> Sample.of(8 * out, client.read(), server);
      case BOTH -> Sample.of(8 * (in + out), server.read() + client.read(), server);
      case ASK, RESET, FINISH ->
          Sample.of(1e6 * client.operations() / client.nanos(), client.operations(), server);
    };
  }
}
