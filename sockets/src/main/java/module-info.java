/// A host with its driver, and the channels of java.nio on it.
module microps.sockets {
  requires static org.jspecify;
  requires transitive microps.core;
  requires transitive jdk.net; // its socket options are ours too

  exports microps.sockets;

  uses microps.core.device.DeviceProvider;
}
