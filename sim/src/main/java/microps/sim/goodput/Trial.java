package microps.sim.goodput;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import microps.core.device.Offloads;
import microps.core.tcp.TcpConfig;
import microps.core.tcp.TcpSettings;
import microps.core.tcp.TcpStatus;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.sim.Faults;
import microps.sim.Loss;
import microps.sim.Network;
import microps.sim.SimHost;
import microps.sim.SimQueue;
import microps.sim.TcpEnd;
import microps.sim.Transfer;
import microps.sim.Wire;

/// One experiment: a host sends as fast as it can to another, on one or more connections, over one
/// path. The same trial has the same [Outcome], to the last bit.
///
/// ```java
/// Outcome o = Trial.of(CongestionAlgorithm.named("newreno")).loss(0.01).bytes(1 << 20).run();
/// ```
///
/// Loss is drawn for each frame, of each direction independently: data and acknowledgments are lost
/// alike, and so are SYN and FIN. Where the size of buffers is given, programs look after each
/// segment whether there is room or text, before the stack sends, and set TCP_NODELAY: the buffer
/// is what is measured, not how soon a thread wakes up.
///
/// @param algorithm the congestion control of both hosts
/// @param rate of the path in bits a second; 0: as many as come
/// @param roundTrip of the path in nanoseconds, half of it each way
/// @param loss which frames are lost, in each direction
/// @param lossRate how probable that is; for the share of the path
/// @param queue in front of the path, in each direction
/// @param buffer of each socket, sending and receiving, in bytes; 0: as the stack chooses
/// @param flows how many connections
/// @param bytes what each sends
/// @param warmUp when, in nanoseconds from the start, measuring begins
/// @param limit when the trial ends at the latest
/// @param seed of all randomness
public record Trial(
    CongestionAlgorithm algorithm,
    long rate,
    long roundTrip,
    Loss loss,
    double lossRate,
    SimQueue queue,
    int buffer,
    int flows,
    long bytes,
    long warmUp,
    long limit,
    long seed) {
  /// Bytes of text in a full segment with timestamps.
  public static final int TEXT = 1448;

  private static final int PORT = 5001;

  /// 100 Mb/s and 50 ms with a queue of what fits on the path, one connection of 10 MiB.
  public static Trial of(CongestionAlgorithm algorithm) {
    return new Trial(
        algorithm,
        100_000_000,
        Network.millis(50),
        Loss.NONE,
        0,
        new SimQueue.DropTail(625_000),
        0,
        1,
        10 << 20,
        0,
        Network.seconds(3600),
        1);
  }

  // One with another value each

  /// @param other of both hosts
  public Trial algorithm(CongestionAlgorithm other) {
    return new Trial(
        other, rate, roundTrip, loss, lossRate, queue, buffer, flows, bytes, warmUp, limit, seed);
  }

  /// @param bitsPerSecond 0: as many as come
  public Trial rate(long bitsPerSecond) {
    return new Trial(
        algorithm,
        bitsPerSecond,
        roundTrip,
        loss,
        lossRate,
        queue,
        buffer,
        flows,
        bytes,
        warmUp,
        limit,
        seed);
  }

  /// @param millis of the path without its queue
  public Trial roundTrip(double millis) {
    return new Trial(
        algorithm,
        rate,
        Network.millis(millis),
        loss,
        lossRate,
        queue,
        buffer,
        flows,
        bytes,
        warmUp,
        limit,
        seed);
  }

  /// Independent random loss.
  public Trial loss(double probability) {
    return loss(probability == 0 ? Loss.NONE : Loss.random(probability), probability);
  }

  /// Any loss.
  ///
  /// @param probability how much of all frames it loses
  public Trial loss(Loss other, double probability) {
    return new Trial(
        algorithm,
        rate,
        roundTrip,
        other,
        probability,
        queue,
        buffer,
        flows,
        bytes,
        warmUp,
        limit,
        seed);
  }

  /// The queue of each direction.
  public Trial queue(SimQueue other) {
    return new Trial(
        algorithm, rate, roundTrip, loss, lossRate, other, buffer, flows, bytes, warmUp, limit,
        seed);
  }

  /// A drop-tail queue of so many times what fits on the path.
  public Trial queueOf(double products) {
    return queueOf(products, 15_000);
  }

  /// A drop-tail queue of so many bandwidth-delay products, but at least of so many octets.
  Trial queueOf(double products, int least) {
    long product = (long) (rate / 8 * (roundTrip / 1e9) * products);
    return queue(new SimQueue.DropTail(Math.max(least, product)));
  }

  /// @param size in bytes, of sending and receiving; 0: as the stack chooses
  public Trial buffer(int size) {
    return new Trial(
        algorithm, rate, roundTrip, loss, lossRate, queue, size, flows, bytes, warmUp, limit, seed);
  }

  /// @param count of connections
  public Trial flows(int count) {
    return new Trial(
        algorithm, rate, roundTrip, loss, lossRate, queue, buffer, count, bytes, warmUp, limit,
        seed);
  }

  /// @param count that each connection sends
  public Trial bytes(long count) {
    return new Trial(
        algorithm, rate, roundTrip, loss, lossRate, queue, buffer, flows, count, warmUp, limit,
        seed);
  }

  /// Measures from one time to another, in seconds from the start, or until all is sent.
  public Trial time(double from, double to) {
    return new Trial(
        algorithm,
        rate,
        roundTrip,
        loss,
        lossRate,
        queue,
        buffer,
        flows,
        bytes,
        Network.seconds(from),
        Network.seconds(to),
        seed);
  }

  /// @param other of all randomness
  public Trial seed(long other) {
    return new Trial(
        algorithm, rate, roundTrip, loss, lossRate, queue, buffer, flows, bytes, warmUp, limit,
        other);
  }

  /// What the path allows all connections together, in bytes of text a second: its rate, as far as
  /// buffers fill it, less what is lost on the way.
  public double capacity() {
    double byRate = rate == 0 ? Double.MAX_VALUE : rate / 8.0 * TEXT / SimHost.MTU;
    double byBuffer = buffer == 0 ? Double.MAX_VALUE : flows * (double) buffer / roundTrip * 1e9;
    return Math.min(byRate, byBuffer) * (1 - lossRate);
  }

  /// Does it.
  public Outcome run() {
    return lab().run();
  }

  /// The network of a trial, not yet begun: for whoever wants to watch it.
  public Lab lab() {
    return lab(Offloads.NONE);
  }

  /// The same with hosts whose interfaces have offloads.
  public Lab lab(Offloads offloads) {
    return new Lab(this, offloads);
  }

  /// A network with the connections of a trial.
  public static final class Lab {
    private final Trial trial;
    private final Network network;
    private final SimHost sender;
    private final SimHost receiver;
    private final Wire wire;
    private final List<Transfer> transfers = new ArrayList<>();
    private final List<Runnable> begun = new ArrayList<>();
    private long[] receivedBefore = {};

    private Lab(Trial trial, Offloads offloads) {
      this.trial = trial;
      network = new Network(trial.seed);
      TcpConfig config = TcpConfig.DEFAULT.with(b -> b.congestion = trial.algorithm);
      sender = network.host("sender", s -> s.with(config));
      receiver = network.host("receiver", s -> s.with(config));
      sender.offloads(offloads);
      receiver.offloads(offloads);
      if (trial.buffer > 0) {
        sender.programsFirst();
        receiver.programsFirst();
      }
      wire =
          network.wire(sender.pointToPoint("192.0.2.1/24"), receiver.pointToPoint("192.0.2.2/24"));
      wire.faults(
          Faults.NONE
              .rate(trial.rate)
              .delay(trial.roundTrip / 2)
              .loss(trial.loss)
              .queue(trial.queue));
    }

    /// Its network.
    public Network network() {
      return network;
    }

    /// The path; data enters it at [Wire#one].
    public Wire wire() {
      return wire;
    }

    /// The host that sends.
    public SimHost sender() {
      return sender;
    }

    /// The connections that have begun.
    public List<Transfer> transfers() {
      return transfers;
    }

    StallWatch stallWatch() {
      return new StallWatch(network, wire);
    }

    /// Does something when the first connection has begun.
    public Lab whenBegun(Runnable action) {
      begun.add(action);
      return this;
    }

    private void settings(TcpSettings s) {
      if (trial.buffer > 0) {
        s.sendBuffer = trial.buffer;
        s.receiveBuffer = trial.buffer;
        s.noDelay = true;
      }
    }

    private void begin() {
      // Not all at once: within a few round trips
      RandomGenerator random = network.random("starts");
      for (int i = 0; i < trial.flows; i++) {
        int port = PORT + i;
        network.after(
            i == 0 ? 0 : random.nextLong(10 * trial.roundTrip + 1),
            () ->
                transfers.add(
                    Transfer.from(sender)
                        .to(receiver, port)
                        .client(TcpEnd.Plan.send(trial.bytes))
                        .clientSettings(this::settings)
                        .serverSettings(this::settings)
                        .start()));
      }
      network.step(network.now());
      begun.forEach(Runnable::run);
    }

    private static long received(Transfer t) {
      TcpEnd end = t.server();
      return end == null ? 0 : end.received();
    }

    private boolean isDone() {
      if (transfers.size() < trial.flows) {
        return false;
      }
      for (int i = 0; i < transfers.size(); i++) {
        if (received(transfers.get(i)) < trial.bytes) {
          return false;
        }
      }
      return true;
    }

    /// Does the trial.
    public Outcome run() {
      long start = network.now();
      StallWatch stalls = stallWatch();
      begin();
      stalls.follow(transfers.getFirst());
      long[] finished = new long[trial.flows];
      receivedBefore = new long[trial.flows];
      runTo(start + trial.warmUp, stalls, finished);
      for (int i = 0; i < transfers.size(); i++) {
        receivedBefore[i] = received(transfers.get(i));
      }
      wire.resetQueue();
      long from = network.now();
      runTo(start + trial.limit, stalls, finished);
      return outcome(from, finished, stalls);
    }

    private void runTo(long end, StallWatch stalls, long[] finished) {
      boolean looks = trial.flows == 1 || trial.buffer > 0; // the watch follows one
      while (!isDone() && network.step(end)) {
        if (looks && stalls.look() && trial.buffer > 0) {
          transfers.forEach(t -> t.client().poll());
        }
        for (int i = 0; i < transfers.size() && trial.bytes < Long.MAX_VALUE; i++) {
          if (finished[i] == 0 && received(transfers.get(i)) >= trial.bytes) {
            finished[i] = network.now();
          }
        }
      }
      if (!isDone()) {
        network.runTo(end);
      }
    }

    private Outcome outcome(long from, long[] finished, StallWatch stalls) {
      List<Double> goodputs = new ArrayList<>();
      long retransmits = 0;
      for (int i = 0; i < trial.flows; i++) {
        Transfer t = transfers.get(i);
        long until = finished[i] == 0 ? network.now() : finished[i];
        long octets = received(t) - receivedBefore[i];
        goodputs.add(until > from ? octets * 1e9 / (until - from) : 0);
        TcpStatus status = t.client().socket().status();
        retransmits += status == null ? 0 : status.retransmits();
        TcpEnd server = t.server();
        if (server != null && server.wrong() != null) {
          throw new AssertionError(this + ": " + server.wrong());
        }
      }
      return new Outcome(
          trial,
          goodputs,
          isDone(),
          network.now() - from,
          retransmits,
          wire.queue(wire.one()),
          stalls.longestPause(),
          stalls.longestUnexplained());
    }

    @Override
    public String toString() {
      return trial.toString();
    }
  }
}
