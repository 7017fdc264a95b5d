package microps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DemoTest {
  @TempDir private Path folder;

  @Test
  void itShowsAndChecksEverything() throws Exception {
    Path capture = folder.resolve("demo.pcapng");
    Cli cli = new Cli();
    assertThat(cli.execute("demo", "--bytes", "300k", "--pcap", capture.toString()))
        .as(cli.out() + cli.err())
        .isZero();
    assertThat(cli.out())
        .contains("arp: Request who-has 192.0.2.2 tell 192.0.2.1, len=28\n")
        .contains("arp: Reply 192.0.2.2 is-at 00:00:5e:00:53:02, len=28\n")
        .containsPattern("icmp: 192.0.2.1 => 192.0.2.2, Echo id=\\d+ seq=1, len=64\n")
        .containsPattern("opt: MSS 1460, SACK-Permitted, Timestamps val=\\d+ ecr=0, NOP, Window")
        .containsPattern("\\[SAE] seq=")
        .containsPattern("tcp +ESTABLISHED +0 +0  192.0.2.1:\\d+ +192.0.2.2:7")
        .containsPattern("FIN-WAIT-2 -> TIME-WAIT \\(SegmentArrives.java:\\d+\\)")
        .containsPattern("tcp +TIME-WAIT")
        .containsPattern("tcp-active-opens +1\n")
        .contains("Summary: all is well")
        .containsPattern("ok +ARP +alice found that 192.0.2.2 is at 00:00:5e:00:53:02\n")
        .containsPattern("ok +ping +3 of 3 answered")
        .containsPattern("ok +TCP echo")
        .containsPattern("ok +307200 bytes arrived unharmed over a wire that lost [1-9]\\d* of")
        .contains("sudo ip tuntap add mode tap user $USER name tap0");
    assertThat(cli.err()).isEmpty();
    assertThat(CaptureReader.count(capture)).isGreaterThan(15);
    assertThat(Files.size(capture)).isGreaterThan(1000);
  }

  @Test
  void quietlyOnlyTheSummary() {
    Cli cli = new Cli();
    String capture = folder.resolve("demo.pcapng").toString();
    assertThat(cli.execute("demo", "-q", "--bytes", "10k", "--loss", "0", "--pcap", capture))
        .isZero();
    assertThat(cli.out().strip()).startsWith("Summary: all is well");
  }

  @Test
  void aCaptureThatCannotBeWrittenIsALine() {
    Cli cli = new Cli();
    String capture = folder.resolve("no/such/folder.pcapng").toString();
    assertThat(cli.execute("demo", "-q", "--pcap", capture)).isEqualTo(1);
    assertThat(cli.err()).contains("cannot write the capture", "no such folder").hasLineCount(1);
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void theSameSeedIsTheSameRunAndAnotherIsNot() {
    LossyTransfer.Plan plan = new LossyTransfer.Plan(3, 500_000, 0.02, 10_000_000);
    LossyTransfer.Result one = LossyTransfer.run(plan, () -> false);
    LossyTransfer.Result two = LossyTransfer.run(plan, () -> false);
    assertThat(one.isIntact(plan)).isTrue();
    assertThat(one.lost()).isPositive();
    assertThat(one.retransmits()).isPositive();
    assertThat(two).usingRecursiveComparison().ignoringFields("realNanos").isEqualTo(one);
    LossyTransfer.Plan other = new LossyTransfer.Plan(4, 500_000, 0.02, 10_000_000);
    assertThat(LossyTransfer.run(other, () -> false).virtualNanos())
        .isNotEqualTo(one.virtualNanos());
  }

  @Test
  void aTransferThatIsStoppedIsNotIntact() {
    LossyTransfer.Plan plan = new LossyTransfer.Plan(3, 500_000, 0, 0);
    assertThat(LossyTransfer.run(plan, () -> true).isIntact(plan)).isFalse();
  }
}
