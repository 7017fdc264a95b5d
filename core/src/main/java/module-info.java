/// The protocols of a TCP/IP host: frames and time go in, frames and a deadline come out.
module microps.core {
  requires static org.jspecify;

  exports microps.core;
  exports microps.core.address;
  exports microps.core.basis;
  exports microps.core.bytes;
  exports microps.core.device;
  exports microps.core.ethernet;
  exports microps.core.ip;
  exports microps.core.tcp;
  exports microps.core.tcp.congestion;
  exports microps.core.udp;
  exports microps.core.view;
}
