// The servers of the benchmark on lwIP, as Debian has built it: on a plain TAP, without offloads.
//
//   lwip DEVICE ADDRESS PREFIX
//
// Reads commands, one a line: "mark" is answered with what was done so far, "stop" with "ok". Ends with its standard input.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "lwip/etharp.h"
#include "lwip/netif.h"
#include "lwip/tcp.h"
#include "lwip/tcpip.h"
#include "netif/ethernet.h"

enum { MTU = 1500, FRAME = MTU + SIZEOF_ETH_HDR, PORT_ECHO = 7, PORT_DISCARD = 9, PORT_SOURCE = 19, PORT_ONCE = 21 };

static int tap;
static struct netif netif;
static atomic_llong bytes_read, bytes_written;

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  _exit(1);
}

// The frame that is sent. A queue of the TAP that is full loses it, as a wire would.
static err_t output(struct netif *unused, struct pbuf *p) {
  static char frame[FRAME]; // under the lock of the core
  (void)unused;
  if (p->tot_len > sizeof frame) return ERR_BUF;
  const void *text = p->next == NULL ? p->payload : frame;
  if (p->next != NULL) pbuf_copy_partial(p, frame, p->tot_len, 0);
  return write(tap, text, p->tot_len) < 0 ? ERR_IF : ERR_OK;
}

static err_t init(struct netif *n) {
  static const u8_t mac[] = {2, 0, 0, 0, 0, 0x6c};
  memcpy(n->hwaddr, mac, sizeof mac);
  n->hwaddr_len = sizeof mac;
  n->name[0] = 't', n->name[1] = 'p';
  n->mtu = MTU;
  n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  n->output = etharp_output;
  n->linkoutput = output;
  return ERR_OK;
}

// Frames go into the core on this thread, under its lock, without the hop to the thread of its timers.
static void *input(void *unused) {
  static char frame[FRAME + 4];
  (void)unused;
  for (;;) {
    ssize_t n = read(tap, frame, sizeof frame);
    if (n < 0 && errno != EINTR) fail("reading");
    if (n <= 0) continue;
    LOCK_TCPIP_CORE();
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)n, PBUF_RAM); // those of Debian's pool hold less than they say
    if (p != NULL) {
      pbuf_take(p, frame, (u16_t)n);
      if (ethernet_input(p, &netif) != ERR_OK) pbuf_free(p);
    }
    UNLOCK_TCPIP_CORE();
  }
  return NULL;
}

static err_t end(struct tcp_pcb *pcb) {
  tcp_arg(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  if (tcp_close(pcb) == ERR_OK) return ERR_OK;
  tcp_abort(pcb);
  return ERR_ABRT;
}

static err_t echo(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err) {
  (void)arg, (void)err;
  if (p == NULL) return end(pcb);
  if (tcp_sndbuf(pcb) < p->tot_len) return ERR_MEM; // lwIP offers it again
  for (struct pbuf *q = p; q != NULL; q = q->next) {
    if (tcp_write(pcb, q->payload, q->len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
      tcp_abort(pcb);
      return ERR_ABRT;
    }
  }
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  tcp_output(pcb);
  return ERR_OK;
}

static err_t discard(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err) {
  (void)arg, (void)err;
  if (p == NULL) return end(pcb);
  bytes_read += p->tot_len;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t fill(void *arg, struct tcp_pcb *pcb, u16_t sent) {
  static const char text[32 << 10];
  (void)arg;
  bytes_written += sent;
  for (;;) {
    tcpwnd_size_t n = LWIP_MIN(tcp_sndbuf(pcb), sizeof text);
    if (n == 0 || tcp_write(pcb, text, (u16_t)n, 0) != ERR_OK) break;
  }
  tcp_output(pcb);
  return ERR_OK;
}

static err_t accepted(void *arg, struct tcp_pcb *pcb, err_t err) {
  if (err != ERR_OK || pcb == NULL) return ERR_VAL;
  tcp_nagle_disable(pcb);
  switch ((int)(intptr_t)arg) {
  case PORT_DISCARD:
    tcp_recv(pcb, discard);
    break;
  case PORT_SOURCE:
    tcp_recv(pcb, discard);
    tcp_sent(pcb, fill);
    fill(NULL, pcb, 0);
    break;
  default:
    tcp_recv(pcb, echo);
  }
  return ERR_OK;
}

static void serve(u16_t port) {
  struct tcp_pcb *pcb = tcp_new();
  if (pcb == NULL || tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK || (pcb = tcp_listen(pcb)) == NULL) fail("listening");
  tcp_arg(pcb, (void *)(intptr_t)port);
  tcp_accept(pcb, accepted);
}

static void open_tap(const char *name) {
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
  tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  if (tap < 0 || ioctl(tap, TUNSETIFF, &request) < 0) fail(name);
}

// The moment, bytes read and written, operations (the client counts them), nanoseconds of processor, bytes of garbage.
static void mark(void) {
  struct timespec now;
  struct rusage used;
  clock_gettime(CLOCK_MONOTONIC, &now);
  getrusage(RUSAGE_SELF, &used);
  long long cpu = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  printf("%lld %lld %lld 0 %lld 0\n", now.tv_sec * 1000000000LL + now.tv_nsec, (long long)bytes_read,
         (long long)bytes_written, cpu * 1000);
}

static void answer(void) {
  char line[64];
  setvbuf(stdout, NULL, _IOLBF, 0);
  puts("ready");
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = 0;
    if (strcmp(line, "mark") == 0) mark();
    else if (strcmp(line, "stop") == 0) puts("ok");
    else printf("failed: no command %s\n", line);
  }
}

int main(int argc, char **argv) {
  ip4_addr_t address, mask, none = {0};
  int prefix = argc == 4 ? atoi(argv[3]) : 0;
  if (argc != 4 || !ip4addr_aton(argv[2], &address) || prefix < 1 || prefix > 32) {
    fprintf(stderr, "usage: lwip DEVICE ADDRESS PREFIX\n");
    return 1;
  }
  mask.addr = lwip_htonl(~0u << (32 - prefix));
  open_tap(argv[1]);
  tcpip_init(NULL, NULL);
  LOCK_TCPIP_CORE();
  if (netif_add(&netif, &address, &mask, &none, NULL, init, ethernet_input) == NULL) fail("netif_add");
  netif_set_default(&netif);
  netif_set_up(&netif);
  serve(PORT_ECHO);
  serve(PORT_DISCARD);
  serve(PORT_SOURCE);
  serve(PORT_ONCE);
  UNLOCK_TCPIP_CORE();
  pthread_t thread;
  if (pthread_create(&thread, NULL, input, NULL) != 0) fail("thread");
  answer();
  _exit(0);
}
