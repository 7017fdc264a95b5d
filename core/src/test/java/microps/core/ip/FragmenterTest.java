package microps.core.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import microps.core.Ip;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FragmenterTest {
  private final PacketPool pool = new PacketPool();

  private List<Packet> cut(byte[] datagram, int mtu) {
    Packet whole = new Packet(datagram.length);
    whole.append(datagram, 0, datagram.length);
    List<Packet> fragments = new ArrayList<>();
    Fragmenter.cut(whole, mtu, pool, fragments::add);
    return fragments;
  }

  private static String describe(Packet p) {
    return Ipv4Header.fragmentOffset(p)
        + "+"
        + (p.length() - Ipv4Header.headerLength(p))
        + (Ipv4Header.moreFragments(p) ? " more" : "");
  }

  @ParameterizedTest
  @DisplayName("RFC 791 3.2: pieces of a multiple of 8, but the last")
  @CsvSource({
    "1481, 1500, 0+1480 more|1480+1",
    "2960, 1500, 0+1480 more|1480+1480",
    "4000, 1500, 0+1480 more|1480+1480 more|2960+1040",
    "100, 68, 0+48 more|48+48 more|96+4",
    "100, 75, 0+48 more|48+48 more|96+4",
    "100, 76, 0+56 more|56+44",
  })
  void pieces(int length, int mtu, String expected) {
    byte[] data = new byte[length];
    new Random(1).nextBytes(data);
    List<Packet> fragments = cut(new Ip().id(77).payload(data).bytes(), mtu);
    assertThat(fragments.stream().map(FragmenterTest::describe))
        .containsExactly(expected.split("\\|"));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Packet p : fragments) {
      assertThat(p.length()).isLessThanOrEqualTo(mtu).isEqualTo(Ipv4Header.totalLength(p));
      assertThat(Checksum.isRight(Checksum.sum(p, 0, Ipv4Header.headerLength(p)))).isTrue();
      assertThat(Ipv4Header.identification(p)).isEqualTo(77);
      all.writeBytes(Arrays.copyOfRange(p.toBytes(), 20, p.length()));
    }
    assertThat(all.toByteArray()).isEqualTo(data);
  }

  @Test
  void theLargestDatagramForTheSmallestMtu() {
    assertThat(cut(new Ip().payload(new byte[65_515]).bytes(), 68)).hasSize(1365);
  }

  @Test
  @DisplayName("a fragment is cut further, and keeps its place and MF")
  void aFragmentOfAFragment() {
    byte[] middle = new Ip().fragment(1480, true).payload(new byte[800]).bytes();
    assertThat(cut(middle, 420).stream().map(FragmenterTest::describe))
        .containsExactly("1480+400 more", "1880+400 more");
    byte[] last = new Ip().fragment(1480, false).payload(new byte[801]).bytes();
    assertThat(cut(last, 420).stream().map(FragmenterTest::describe))
        .containsExactly("1480+400 more", "1880+400 more", "2280+1");
  }

  @Test
  @DisplayName("RFC 791 3.1: options without the copied flag are in the first fragment only")
  void optionsAreCopiedByTheirFlag() {
    int[] options = {7, 3, 4, 1, 0x94, 4, 0, 5, 0x82, 3, 9, 0};
    List<Packet> fragments = cut(new Ip().options(options).payload(new byte[100]).bytes(), 100);
    assertThat(fragments.stream().map(FragmenterTest::describe))
        .containsExactly("0+64 more", "64+36");
    assertThat(Ipv4Header.headerLength(fragments.get(0))).isEqualTo(32);
    Packet second = fragments.get(1);
    assertThat(Ipv4Header.headerLength(second)).isEqualTo(28);
    assertThat(Arrays.copyOfRange(second.toBytes(), 20, 28))
        .isEqualTo(Ip.octets(0x94, 4, 0, 5, 0x82, 3, 9, 0));
    assertThat(Checksum.isRight(Checksum.sum(second, 0, 28))).isTrue();
  }
}
