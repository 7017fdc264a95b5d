package microps.bench.speed;

import java.io.IOException;
import java.util.List;
import microps.bench.Namespaces;
import microps.bench.peer.Peer;
import microps.linux.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// Bulk TCP by way of a rival, between the same clients and servers as microps', for comparison.
///
/// @param traffic what is done
record RivalTrial(Rival rival, StreamTrial.Traffic traffic) implements Trial {
  private static final long MOMENT = 50_000_000L;
  private static final int MOMENTS = 100;

  /// It makes the namespace of the clients itself, and forwards no ports.
  private static final List<String> PASTA =
      List.of(
          "pasta --config-net --netns-only --runas 0 -t none -u none -T none -U none --"
              .split(" "));

  @Override
  public String unit() {
    return "Gb/s";
  }

  @Override
  public Per per() {
    return Per.NOTHING;
  }

  @Override
  public Setting setting() {
    return Setting.TAP;
  }

  @Override
  public @Nullable String missing() {
    return Programs.missing(rival.program(), rival.debianPackage());
  }

  @Override
  public boolean staysWarm() {
    return false;
  }

  @Override
  public Sample measure(Lab lab, Who who, long nanos) throws Exception {
    if (who == Who.REFERENCE) {
      return Sample.of(new StreamTrial(Setting.TAP, traffic, 1).measure(lab, who, nanos).value());
    }
    return lab.use(new Opened(), place -> measure(lab, place, nanos));
  }

  private Sample measure(Lab lab, Opened place, long nanos) throws Exception {
    NetworkNamespace outside = place.add(NetworkNamespace.create());
    Namespaces.prepare(outside);
    Namespaces.ip(outside, "link add veth0 type veth peer name veth1");
    Namespaces.ip(outside, "address add 192.0.2.10/24 dev veth0");
    Namespaces.ip(outside, "link set veth0 up");
    Namespaces.ip(outside, "link set veth1 up");
    Namespaces.ip(outside, "route add default via 192.0.2.1 dev veth0");
    PeerProcess server = place.add(start(outside, List.of()));
    PeerProcess client =
        switch (rival) {
          case PASTA -> place.add(start(outside, PASTA));
          case SLIRP4NETNS -> behindSlirp(lab, place, outside);
        };
    String load = traffic.load(rival.server(), 1);
    Marks unused = Marks.take(lab, client, server, load, lab.warmUp());
    Marks marks = Marks.take(lab, client, server, load, nanos);
    return Sample.of(StreamTrial.sample(traffic, marks.client(), marks.server()).value());
  }

  private PeerProcess behindSlirp(Lab lab, Opened place, NetworkNamespace outside)
      throws Exception {
    NetworkNamespace inside = place.add(NetworkNamespace.create());
    Namespaces.prepare(inside);
    Process process =
        outside.start(
            new ProcessBuilder(
                    rival.program(),
                    "--configure",
                    "--mtu=65520",
                    "--netns-type=path",
                    inside.path(),
                    "tap0")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD));
    place.add(() -> process.destroyForcibly().onExit().join());
    for (int i = 0; inside.execute("ip", "route", "show", "default").isBlank(); i++) {
      if (i == MOMENTS || !process.isAlive()) {
        throw new IOException(rival.program() + " does not come up");
      }
      lab.pause(MOMENT);
    }
    return place.add(start(inside, List.of()));
  }

  private static PeerProcess start(NetworkNamespace namespace, List<String> prefix)
      throws Exception {
    return PeerProcess.start(namespace, prefix, Bed.OPTIONS, Peer.class, "kernel");
  }
}
