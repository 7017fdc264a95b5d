package microps.core.tcp;

import microps.core.tcp.TcpInfo.Phase;

/// Whether a recovery was for nothing: D-SACK and Eifel ([Undo]) and F-RTO ([Frto]) are asked, each
/// in its own way.
final class SpuriousRecovery {
  final Undo undo = new Undo();
  final Frto frto = new Frto();

  /// Whether the last timeout was seen to be spurious, until somebody asks.
  private boolean timeout;

  private long lateBy;

  /// New data was acknowledged, or SACKed, or a D-SACK has come.
  ///
  /// @param phase what recovery is at
  /// @param recover the end of what was in flight when recovery began
  /// @return whether recovery is to be undone
  boolean acknowledged(AckNews news, Phase phase, boolean sack, int una, int nxt, int recover) {
    boolean duplicates =
        news.dsack && undo.duplicate(news.dsackLeft, news.dsackRight, news.unaBefore());
    if (phase == Phase.OPEN) {
      return duplicates; // the D-SACK came after recovery
    }
    boolean advanced = news.sample.acked > 0;
    // RFC 3522 3.2 (6): with a D-SACK the original was not late, its acknowledgment was lost
    boolean answersOriginal =
        advanced && !news.dsack && news.echoes() && undo.isAnswerToOriginal(news.echo());
    boolean spuriousByFrto =
        phase == Phase.LOSS && frto.isLooking() && news.originalDelivered(sack);
    if (duplicates || answersOriginal || spuriousByFrto) {
      timeout = phase == Phase.LOSS;
      lateBy = answersOriginal ? news.echoedRoundTrip() : 0;
      return true;
    }
    boolean newDataSent = Seq.after(nxt, recover);
    if (advanced && Seq.before(una, recover)) {
      frto.advanced(news.echoes(), newDataSent);
    } else if (news.newlySacked > 0) {
      frto.duplicate(newDataSent);
    }
    return false;
  }

  /// The round trip that was longer than RTO, when [#takeTimeout]; 0: not known.
  long lateBy() {
    return lateBy;
  }

  /// Whether the last acknowledgment showed a timeout to have been spurious.
  boolean takeTimeout() {
    boolean was = timeout;
    timeout = false;
    return was;
  }
}
