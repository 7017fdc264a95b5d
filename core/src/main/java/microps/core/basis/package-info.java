/// What every layer stands on: named drops and counters, trace events, timers, the error codes and
/// readiness of sockets. Read [microps.core.basis.DropReason] first, then
/// [microps.core.basis.TimerQueue]; `microps.core.bytes` comes next.
@NullMarked
package microps.core.basis;

import org.jspecify.annotations.NullMarked;
