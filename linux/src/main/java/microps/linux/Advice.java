package microps.linux;

import java.io.IOException;
import microps.core.address.Cidr;
import microps.core.device.DeviceInfo;
import org.jspecify.annotations.Nullable;

/// What a person is told where a device cannot be opened: what is wrong, and what to do about it.
final class Advice {
  private static final String TUN_FILE = "/dev/net/tun";

  /// The kernel side's address in the tutorial.
  private static final String EXAMPLE_ADDRESS = "192.0.2.1/24";

  private Advice() {}

  static IOException badName(String name) {
    return new IOException(
        "'"
            + name
            + "' is not the name of a network interface: write 1 to "
            + KernelInterface.MAX_NAME
            + " characters without spaces, '/', ':' and '%', as in tap0");
  }

  static IOException notLinux(String scheme, String name, String system, String architecture) {
    return new IOException(
        scheme
            + ":"
            + name
            + " needs Linux on "
            + String.join(", ", Libc.SUPPORTED.stream().sorted().toList())
            + ", and this is "
            + system
            + " on "
            + architecture
            + "; the loopback and null devices work everywhere");
  }

  /// `/dev/net/tun` cannot be opened.
  static IOException tunFile(int errno) {
    return new IOException(
        switch (errno) {
          case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO ->
              TUN_FILE + " is missing; load its driver once with: sudo modprobe tun";
          case Errno.EPERM, Errno.EACCES ->
              "no permission to open "
                  + TUN_FILE
                  + "; allow it to everyone, as is usual, with: sudo chmod 666 "
                  + TUN_FILE;
          default -> TUN_FILE + " cannot be opened: " + Libc.message(errno);
        });
  }

  /// There is no such TAP or TUN, and it is not to be made.
  static IOException noPeer(String mode, String name, int mtu) {
    return create(mode, name, null, mtu, "no address is given for the kernel's side of it", "");
  }

  /// There is no such TAP or TUN, and it may not be made.
  static IOException mayNotCreate(String mode, String name, @Nullable Cidr peer, int mtu) {
    return create(mode, name, peer, mtu, "this process may not create it", "");
  }

  /// As [#mayNotCreate], and one that exists could not be opened either.
  static IOException mayNotOpen(String mode, String name, @Nullable Cidr peer, int mtu) {
    return create(
        mode,
        name,
        peer,
        mtu,
        "this process may neither create it nor open " + TUN_FILE,
        "\n  sudo chmod 666 " + TUN_FILE);
  }

  private static IOException create(
      String mode, String name, @Nullable Cidr peer, int mtu, String reason, String first) {
    String address = peer == null ? EXAMPLE_ADDRESS : peer.toString();
    return new IOException(
        ("there is no " + name + ", and " + reason + "; create it once with:" + first)
            + ("\n  sudo ip tuntap add mode " + mode + " user $USER name " + name)
            + ("\n  sudo ip addr add " + address + " dev " + name)
            + ("\n  sudo ip link set " + name + (mtu > 0 ? " mtu " + mtu : "") + " up"));
  }

  /// An existing TAP or TUN cannot be attached to.
  static IOException attach(String mode, String name, int errno) {
    String kind = mode.toUpperCase(java.util.Locale.ROOT);
    return new IOException(
        switch (errno) {
          case Errno.EBUSY ->
              name + " is busy: another process has it open; stop that one, or use another " + kind;
          case Errno.EINVAL ->
              name
                  + " exists but is not a "
                  + kind
                  + " that one process opens; use another name, or look at: ip -d link show "
                  + name;
          case Errno.EPERM, Errno.EACCES ->
              name
                  + " belongs to another user; remove it with: sudo ip link del "
                  + name
                  + " and create it anew with: sudo ip tuntap add mode "
                  + mode
                  + " user $USER name "
                  + name;
          default -> name + " cannot be opened: " + Libc.message(errno);
        });
  }

  static IOException down(String name) {
    return new IOException(name + " is down; set it up with: sudo ip link set " + name + " up");
  }

  static IOException missing(String name) {
    return new IOException(
        "there is no network interface " + name + "; see which there are with: ip link");
  }

  static IOException notEthernet(String name) {
    return new IOException(
        name + " is not an Ethernet interface; see which are with: ip link (link/ether)");
  }

  static IOException packetPermission(String name) {
    return new IOException(
        "no permission for packet sockets on "
            + name
            + "; run as root or with the capability CAP_NET_RAW");
  }

  static IOException mtu(String name, int has, int wanted, int errno) {
    if (Errno.isPermission(errno)) {
      return new IOException(
          name
              + " has an MTU of "
              + has
              + ", not "
              + wanted
              + "; change it with: sudo ip link set "
              + name
              + " mtu "
              + wanted);
    }
    return new IOException(
        name
            + " does not take an MTU of "
            + wanted
            + " bytes; ask for less (it has "
            + has
            + "; what it takes at most shows: ip -d link show "
            + name
            + ")");
  }

  static IOException mtuRange(int mtu) {
    return new IOException(
        "an MTU is " + DeviceInfo.MIN_MTU + " to " + DeviceInfo.MAX_MTU + " bytes, not " + mtu);
  }

  static IOException sameMac(String name, String mac) {
    return new IOException(
        mac
            + " is the kernel's own MAC address on "
            + name
            + "; give the stack another, as in 00:00:5e:00:53:02");
  }

  static IOException badMac(String mac) {
    return new IOException(
        mac + " is not the address of one station; use one such as 00:00:5e:00:53:01");
  }

  static IOException address(String name, Cidr address, int errno) {
    return new IOException(
        name + " does not take the address " + address + ": " + Libc.message(errno));
  }

  /// Reading or changing an interface failed.
  static IOException interfaceFailure(String what, String name, int errno) {
    return errno == Errno.ENODEV
        ? missing(name)
        : new IOException("cannot " + what + " " + name + ": " + Libc.message(errno));
  }

  static IOException unexpected(String call, String name, int errno) {
    return new IOException(name + ": " + call + ": " + Libc.message(errno));
  }

  static IOException gone(String name) {
    return new IOException(name + " is gone: the interface was removed");
  }

  static IOException closed(String name) {
    return new IOException(name + " is closed");
  }
}
