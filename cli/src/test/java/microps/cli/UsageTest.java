package microps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is wrong on the command line gives one line that says what to do, and exit code 2; nothing
/// is opened.
class UsageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ~~                                            | which command?
          tcpss 7                                       | did you mean tcps
          tcpss 7                                       | there is no command tcpss; did you mean tcps
          xyzzy                                         | there is no command xyzzy; see: microps --help
          --frobnicate                                  | Unknown option: '--frobnicate'
          tcps                                          | Missing required parameter: '[ADDRESS] PORT'
          tcps 192.0.2.2 7 8                            | too many arguments
          tcps --devise tap:tap0 7                      | did you mean --device
          tcps 0                                        | '0' is not a port; ports are 1 to 65535
          tcps 65536                                    | '65536' is not a port; ports are 1 to 65535
          tcps seven                                    | 'seven' is not a port
          tcps 7 192.0.2.2                              | '7' is not an IPv4 address
          tcps 192.0.2 7                                | '192.0.2' is not an IPv4 address; write four numbers
          tcps 192.0.2.02 7                             | '192.0.2.02' is not an IPv4 address
          tcps ::1 7                                    | only IPv4 is there yet
          tcps --congestion vegas 7                     | no congestion control algorithm 'vegas'; there are: cubic, newreno, bbr
          tcpc --congestion Cubic 192.0.2.1:7           | no congestion control algorithm 'Cubic'; there are: cubic, newreno, bbr
          tcps --service finger 7                       | 'finger' is not a service; there are echo, discard, chargen
          tcps --device tap0 7                          | 'tap0' is not a device; write tap:NAME, tun:NAME or packet:INTERFACE
          tcps --device usb:tap0 7                      | 'usb:tap0' is not a device
          tcps --device tap: 7                          | '' is not a name of a network interface
          tcps --device tap:averyveryverylong 7         | is not a name of a network interface
          tcps --device tap:tap0 --device tap:tap0 7    | tap:tap0 is given twice
          tcps --device tap:tap0 --device tap:tap1 7    | tap:tap1 needs an address
          tcps --device 7                               | '7' is not a device
          tcps --address 192.0.2.2 7                    | '192.0.2.2' has no prefix length; write it as in 192.0.2.2/24
          tcps --address 192.0.2.2/33 7                 | 0 to 32 bits
          tcps --address 192.0.2.0/24 7                 | is the network itself
          tcps --address 192.0.2.255/24 7               | is the broadcast address itself
          tcps --address 224.0.0.1/24 7                 | '224.0.0.1' is not the address of one host
          tcps --address x/24 7                         | 'x' is not an IPv4 address
          tcps --gateway 198.51.100.1 7                 | --gateway 198.51.100.1 is in none of our networks; give one that is, or none
          tcps --gateway 192.0.2.2 7                    | is our own address
          tcps --gateway nobody 7                       | 'nobody' is not an IPv4 address
          tcps --mac 00:00:5e:00:53 7                   | is not a MAC address; write it as in 00:00:5e:00:53:01
          tcps --mac 01:00:5e:00:53:01 7                | the first octet is even
          tcps --mac 00:00:00:00:00:00 7                | is not the address of one host
          tcps --device tun:tun0 --mac 00:00:5e:00:53:02 7 | a TUN has no MAC address
          tcps --promiscuous 7                          | --promiscuous does not fit tap:tap0
          tcps --spin -1 7                              | --spin is a number of microseconds, 0 or more, not -1
          tcps --no-ring 7                              | --no-ring does not fit tap:tap0
          tcps --mtu 67 7                               | an MTU is 68 to 65535, not '67'
          tcps --mtu 65536 7                            | an MTU is 68 to 65535, not '65536'
          tcps --mtu many 7                             | '--mtu': an MTU is 68 to 65535, not 'many'
          bench speed                                   | Unmatched argument at index 1: 'speed'
          bench --only frobnicate                       | there is no figure 'frobnicate'; there are bulk-in, bulk-out
          bench --only bulk-in,x*                       | there is no figure 'x*'; there are
          bench --list --only y                         | there is no figure 'y'; there are
          bench --runs 0                                | the number is 1 to 1000, not '0'
          bench --seconds 0                             | a run of less than 0.1 s says nothing; give more --seconds
          bench --write x.md --only start               | --write replaces all figures, so give no --only with it
          bench --write /no/such/page                   | cannot write /no/such/page: there is no folder /no/such
          bench --connections 5                         | the number of connections is 100 to 2000000, not '5'
          bench --frobnicate                            | Unknown option: '--frobnicate'
          bench path --rate fast                        | 'fast' is not a rate; write 0.008 to 1000, in Mb/s
          bench path --loss 60%                         | a path loses 0 to 50 %, not 0.6
          bench path --rtt 11                           | an RTT of 0 to 10 s
          bench path --runs 0                           | the number is 1 to 1000, not '0'
          bench path --seconds 0                        | says nothing; give more --seconds
          tcps -q -v 7                                  | -q and -v contradict each other
          tcps -q --hex 7                               | -q and --hex contradict each other
          tcpc                                          | Missing required parameter: 'HOST:PORT'
          tcpc 192.0.2.1                                | '192.0.2.1' has no port; write HOST:PORT, as in 192.0.2.1:7
          tcpc 192.0.2.1:                               | '' is not a port
          tcpc :7                                       | '' is not an IPv4 address
          tcpc 192.0.2.1:99999                          | '99999' is not a port
          tcpc localhost:7                              | 'localhost' is not an IPv4 address
          tcpc -p 0 192.0.2.1:7                         | '0' is not a port
          tcpc -s 192.0.2 192.0.2.1:7                   | '192.0.2' is not an IPv4 address
          udps -- -1                                    | '-1' is not a port
          udpc 192.0.2.1                                | has no port
          udpc -w soon 192.0.2.1:7                      | 'soon' is not a time; write seconds, as in 0.2
          ping                                          | Missing required parameter: 'DESTINATION'
          ping example.org                              | 'example.org' is not an IPv4 address
          ping -c 0 192.0.2.1                           | a count is 1 or more, not '0'
          ping -s 65508 192.0.2.1                       | a size is 0 to 65507, not '65508'
          ping -s -1 192.0.2.1                          | a size is 0 to 65507, not '-1'
          ping -t 0 192.0.2.1                           | a time to live is 1 to 255, not '0'
          ping -t 256 192.0.2.1                         | a time to live is 1 to 255, not '256'
          ping -i x 192.0.2.1                           | 'x' is not a time
          demo --loss 11%                                | a loss of 10%; give less
          demo --loss much                               | write 1% or 0.01
          demo --bytes lots                              | write 64M, 100k or 1000
          ping -W -1 192.0.2.1                          | '-1' is not a time
          play                                          | Missing required parameter: 'FILE'
          play --profile bsd a.pkt                      | '--profile': there is no 'bsd'; microps or linux
          play --frobnicate a.pkt                       | Unknown option: '--frobnicate'
          play -q --log a.pkt                           | -q and --log contradict each other
          """)
  void aWrongCommandLineGivesOneLineAndExitCode2(String line, String expected) {
    Cli cli = new Cli();
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");
    assertThat(cli.execute(args)).as(cli.err()).isEqualTo(2);
    assertThat(cli.err()).contains(expected).contains("--help").startsWith("microps");
    assertThat(cli.err().lines()).hasSize(1);
    assertThat(cli.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "tcps", "tcpc", "udps", "udpc", "ping", "demo", "play", "bench", "bench path"})
  void eachCommandHasHelpAndAVersion(String command) {
    for (String option : new String[] {"--help", "-h", "--version", "-V"}) {
      Cli cli = new Cli();
      String[] args = (command + " " + option).strip().split(" ");
      assertThat(cli.execute(args)).isZero();
      assertThat(cli.err()).isEmpty();
      boolean isHelp =
          option.toLowerCase(java.util.Locale.ROOT).startsWith("-h") || option.equals("--help");
      assertThat(cli.out()).contains(isHelp ? "Usage: microps " + command : "microps ");
    }
  }

  @Test
  void helpIsACommandToo() {
    Cli cli = new Cli();
    assertThat(cli.execute("help", "ping")).isZero();
    assertThat(cli.out()).contains("Usage: microps ping");
  }

  @Test
  void helpNamesEveryOptionOfTheHost() {
    Cli cli = new Cli();
    cli.execute("tcps", "--help");
    assertThat(cli.out())
        .contains("--device", "--address", "--gateway", "--mac", "--mtu", "--pcap", "--promiscuous")
        .contains("-q", "-v", "--hex", "--stats", "--service", "[ADDRESS] PORT");
  }
}
