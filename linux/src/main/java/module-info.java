/// Devices of Linux: TAP, TUN and PF_PACKET through java.lang.foreign; the only native access.
module microps.linux {
  requires static org.jspecify;
  requires transitive microps.core;
}
