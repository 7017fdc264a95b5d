package microps.cli;

import java.util.function.Function;
import microps.core.address.Cidr;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.device.DeviceInfo;
import microps.core.tcp.congestion.CongestionAlgorithm;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What a user types, as values; the message of what does not parse says how to write it.
final class Convert {
  private Convert() {}

  /// What a parser gives, or what it says of a text that it does not take.
  private abstract static class By<T> implements ITypeConverter<T> {
    private final Function<String, T> parser;

    By(Function<String, T> parser) {
      this.parser = parser;
    }

    @Override
    public final T convert(String text) {
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /// An address for peers and for ourselves.
  static final class ToAddress extends By<IpAddress> {
    ToAddress() {
      super(Convert::address);
    }
  }

  /// An address with its prefix length.
  static final class ToCidr extends By<Cidr> {
    ToCidr() {
      super(Convert::cidr);
    }
  }

  /// A unicast MAC address.
  static final class ToMac extends By<MacAddress> {
    ToMac() {
      super(Convert::mac);
    }
  }

  /// A peer as `HOST:PORT`.
  static final class ToEndpoint extends By<Endpoint> {
    ToEndpoint() {
      super(Convert::endpoint);
    }
  }

  /// A port, 1 to 65,535.
  static final class ToPort extends By<Integer> {
    ToPort() {
      super(Convert::port);
    }
  }

  /// A congestion control of ours.
  static final class ToCongestion extends By<CongestionAlgorithm> {
    ToCongestion() {
      super(CongestionAlgorithm::named);
    }
  }

  /// One of the services.
  static final class ToService extends By<Service> {
    ToService() {
      super(Convert::service);
    }
  }

  /// An MTU.
  static final class ToMtu extends By<Integer> {
    ToMtu() {
      super(text -> inRange("an MTU", text, DeviceInfo.MIN_MTU, DeviceInfo.MAX_MTU));
    }
  }

  /// A gateway, or `none`.
  static final class ToGateway extends By<Gateway> {
    ToGateway() {
      super(Convert::gateway);
    }
  }

  /// A device as `KIND:NAME`.
  static final class ToDevice extends By<DeviceName> {
    ToDevice() {
      super(DeviceName::parse);
    }
  }

  /// A time in seconds, such as `0.2`, as nanoseconds.
  static final class ToSeconds extends By<Seconds> {
    ToSeconds() {
      super(Convert::seconds);
    }
  }

  /// A share, as `1%` or `0.01`.
  static final class ToShare extends By<Double> {
    ToShare() {
      super(Convert::share);
    }
  }

  /// A number of bytes, as `64M`, `100k` or `1000`.
  static final class ToBytes extends By<Long> {
    ToBytes() {
      super(Convert::bytes);
    }
  }

  /// The gateway; null for none.
  record Gateway(@Nullable IpAddress address) {
    static final Gateway NONE = new Gateway(null);
  }

  /// A duration.
  record Seconds(long nanos) {}

  /// A device: `tap`, `tun` or `packet`, and its name.
  record DeviceName(String kind, String name) {

    static DeviceName parse(String text) {
      int colon = text.indexOf(':');
      String kind = colon < 0 ? "" : text.substring(0, colon);
      String name = text.substring(colon + 1);
      boolean known = kind.equals("tap") || kind.equals("tun") || kind.equals("packet");
      if (!known) {
        throw new IllegalArgumentException(
            "'" + text + "' is not a device; write tap:NAME, tun:NAME or packet:INTERFACE");
      }
      if (!name.matches("[^\\s/:]{1,15}")) {
        throw new IllegalArgumentException(
            "'" + name + "' is not a name of a network interface; it has 1 to 15 characters");
      }
      return new DeviceName(kind, name);
    }

    @Override
    public String toString() {
      return kind + ":" + name;
    }
  }

  /// A number within bounds.
  static int inRange(String what, String text, int low, int high) {
    long value = text.matches("-?[0-9]{1,10}") ? Long.parseLong(text) : Long.MIN_VALUE;
    if (value < low || value > high) {
      String range = high == Integer.MAX_VALUE ? low + " or more" : low + " to " + high;
      throw new TypeConversionException(what + " is " + range + ", not '" + text + "'");
    }
    return (int) value;
  }

  static IpAddress address(String text) {
    if (text.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' looks like an IPv6 address; only IPv4 is there yet, as in 192.0.2.2");
    }
    return Ipv4Address.parse(text);
  }

  private static IpAddress unicast(String text) {
    IpAddress address = address(text);
    if (address.isMulticast() || address.isUnspecified() || address.equals(Ipv4Address.BROADCAST)) {
      throw new IllegalArgumentException("'" + text + "' is not the address of one host");
    }
    return address;
  }

  private static Gateway gateway(String text) {
    return text.equals("none") ? Gateway.NONE : new Gateway(unicast(text));
  }

  private static Service service(String text) {
    for (Service service : Service.values()) {
      if (service.toString().equals(text)) {
        return service;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a service; there are echo, discard, chargen");
  }

  static Cidr cidr(String text) {
    int slash = text.indexOf('/');
    if (slash > 0) {
      unicast(text.substring(0, slash)); // the clearer message first
    }
    Cidr cidr = Cidr.parse(text);
    boolean isNetwork = cidr.prefix() < 31 && cidr.equals(cidr.network());
    if (isNetwork || cidr.address().equals(cidr.broadcast())) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is the "
              + (isNetwork ? "network" : "broadcast address")
              + " itself, not a host in it");
    }
    return cidr;
  }

  static MacAddress mac(String text) {
    MacAddress mac = MacAddress.parse(text);
    if (mac.isMulticast() || mac.equals(MacAddress.ZERO)) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not the address of one host; the first octet is even, as in"
              + " 00:00:5e:00:53:01");
    }
    return mac;
  }

  static int port(String text) {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
    if (port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("'" + text + "' is not a port; ports are 1 to 65535");
    }
    return port;
  }

  static Endpoint endpoint(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' has no port; write HOST:PORT, as in 192.0.2.1:7");
    }
    return new Endpoint(address(text.substring(0, colon)), port(text.substring(colon + 1)));
  }

  static Seconds seconds(String text) {
    double value =
        text.matches("[0-9]{0,9}[.]?[0-9]{0,9}") && text.matches(".*[0-9].*")
            ? Double.parseDouble(text)
            : -1;
    if (value < 0) {
      throw new IllegalArgumentException("'" + text + "' is not a time; write seconds, as in 0.2");
    }
    return new Seconds((long) (value * 1e9));
  }

  static long bytes(String text) {
    if (!text.matches("[0-9]{1,10}[kMG]?")) {
      throw new IllegalArgumentException("'" + text + "' is not a size; write 64M, 100k or 1000");
    }
    int last = text.length() - 1;
    int shift = Math.max(0, 10 * ("kMG".indexOf(text.charAt(last)) + 1));
    return Long.parseLong(shift == 0 ? text : text.substring(0, last)) << shift;
  }

  static double share(String text) {
    boolean percent = text.endsWith("%");
    String number = percent ? text.substring(0, text.length() - 1) : text;
    double value = number.matches("[0-9]+([.][0-9]+)?") ? Double.parseDouble(number) : -1;
    double share = percent ? value / 100 : value;
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("'" + text + "' is not a share; write 1% or 0.01");
    }
    return share;
  }

  /// A small number.
  static final class ToRuns implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return inRange("the number", value, 1, 1000);
    }
  }
}
