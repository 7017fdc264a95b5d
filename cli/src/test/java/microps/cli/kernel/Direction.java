package microps.cli.kernel;

/// Who begins a conversation.
enum Direction {
  KERNEL_TO_MICROPS,
  MICROPS_TO_KERNEL
}
