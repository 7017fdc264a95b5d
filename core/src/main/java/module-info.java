/// The protocols of a TCP/IP host: frames and time go in, frames and a deadline come out.
module microps.core {
  requires static org.jspecify;
}
