package microps.core.ethernet;

import microps.core.address.IpAddress;
import microps.core.address.MacAddress;
import org.jspecify.annotations.Nullable;

/// An entry of a neighbour table, as `--stats` shows it.
///
/// @param address who
/// @param mac where; null while nobody has answered
/// @param state how sure that is
/// @param device on which interface
/// @param waiting how many packets wait for the answer
public record Neighbor(
    IpAddress address, @Nullable MacAddress mac, NeighborState state, String device, int waiting) {}
