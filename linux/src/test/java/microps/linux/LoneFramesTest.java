package microps.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoneFramesTest {
  private static final long LONG = LoneFrames.SLEEP;
  private static final long SHORT = LoneFrames.SLEEP - 1;

  private final LoneFrames lone = new LoneFrames();

  private void aFrameComesAlone() {
    lone.read(LONG);
    assertThat(lone.worthLooking()).isTrue();
    lone.looked(false);
  }

  @Test
  void behindTheFirstFrameOneMoreIsLookedFor() {
    aFrameComesAlone();
  }

  @Test
  void whereOneCameAloneTheNextIsTakenToBeAlone() {
    aFrameComesAlone();
    for (int i = 0; i < 3; i++) {
      lone.read(LONG);
      assertThat(lone.worthLooking()).isFalse();
    }
  }

  @Test
  void whoAsksAgainIsToldToLook() {
    aFrameComesAlone();
    lone.read(LONG);
    assertThat(lone.worthLooking()).isFalse();
    assertThat(lone.worthLooking()).isTrue();
  }

  @Test
  void whereTheWaitDidNotSleepThereWasOneMoreAndMoreAreLookedFor() {
    aFrameComesAlone();
    lone.read(SHORT);
    assertThat(lone.worthLooking()).isTrue();
    lone.looked(true);
    lone.read(0);
    assertThat(lone.worthLooking()).isTrue();
    lone.looked(false); // the end of a batch, and not behind its first frame
    lone.read(LONG);
    assertThat(lone.worthLooking()).isTrue();
  }

  @Test
  void frameThatWasThereIsNotTakenToBeAlone() {
    aFrameComesAlone();
    lone.read(0);
    assertThat(lone.worthLooking()).isTrue();
  }
}
