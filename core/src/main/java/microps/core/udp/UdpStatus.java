package microps.core.udp;

import microps.core.address.Endpoint;
import org.jspecify.annotations.Nullable;

/// A UDP socket in numbers: a row of the socket table.
///
/// @param local our endpoint
/// @param remote the connected peer, or null
/// @param receiveQueue bytes that wait to be received
/// @param dropped datagrams that found the receive queue full
public record UdpStatus(
    Endpoint local, @Nullable Endpoint remote, int receiveQueue, long dropped) {}
