package microps.core.tcp;

/// How large the buffers of a connection are: as the user asked, or by themselves, as the path
/// needs.
final class BufferSizes {
  /// The most that a send or receive buffer holds, whatever the user asks for; a ring of twice that
  /// would exceed an array.
  static final int MAX = 1 << 29;

  private static final int MIN = 2048;

  private BufferSizes() {}

  /// How much a new connection lets wait to be read.
  static int receiveCapacity(TcpConfig config, TcpSettings settings) {
    int largest = largestCapacity(config, settings);
    return settings.receiveBuffer > 0 ? largest : Math.min(config.receiveBuffer(), largest);
  }

  /// How much it may ever let wait, if no option changes.
  private static int largestCapacity(TcpConfig config, TcpSettings settings) {
    int asked = settings.receiveBuffer;
    return Math.clamp(asked > 0 ? asked : config.maxReceiveBuffer(), MIN, MAX);
  }

  /// Rcv.Wind.Shift of a new connection.
  static int receiveShift(TcpConfig config, TcpSettings settings) {
    return config.windowScale() ? Receiver.shiftFor(largestCapacity(config, settings)) : 0;
  }

  /// Makes the receive buffer as large as it is to be when the user has the connection, as far as
  /// windows can tell of it.
  static void applyReceiveBuffer(TcpConnection c) {
    int wanted = receiveCapacity(c.tcp.config(), c.settings);
    if (c.settings.receiveBuffer > 0) {
      c.rcv.tuning = null;
    } else {
      wanted = Math.max(wanted, c.rcv.capacity);
    }
    c.rcv.capacity = Math.min(wanted, 0xffff << c.rcv.shift);
  }

  /// The user read `n` octets: the receive window may have to be larger.
  static void tuneWindow(TcpConnection c, int n, long now) {
    if (c.settings.receiveBuffer > 0) {
      return;
    }
    WindowTuning tuning = c.rcv.tuning;
    if (tuning == null) {
      if (c.counts.bytesReceived <= WindowTuning.FIRST_SEGMENTS * c.rcv.advertisedMss) {
        return; // its window is large enough
      }
      tuning = new WindowTuning(c.rcv.advertisedMss, c.rtt.srtt(), now);
      c.rcv.tuning = tuning;
    }
    int wanted = tuning.read(n, c.rcv.advertisedMss, now);
    if (wanted > c.rcv.capacity && !c.rcv.buffer.isPressed()) {
      int offered = Math.min(largestCapacity(c.tcp.config(), c.settings), 0xffff << c.rcv.shift);
      c.rcv.capacity = Math.max(c.rcv.capacity, Math.min(wanted, offered));
    }
  }

  /// How much the user may have written that is not acknowledged: twice what may be in flight, so
  /// that there is always something to send.
  static int sendLimit(TcpConnection c) {
    int limit = c.settings.sendBuffer;
    if (limit <= 0) {
      TcpConfig config = c.tcp.config();
      long twice = 2L * c.congestionWindow();
      limit = (int) Math.min(Math.max(twice, config.sendBuffer()), config.maxSendBuffer());
    }
    return Math.min(limit, c.snd.buffer.isPressed() ? BufferMemory.SMALL : MAX);
  }
}
