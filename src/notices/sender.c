/* The sender: for each way a thread of its own, so that a slow gateway delays its own letters alone. */
#include "notices/notices_private.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { IDLE_MS = 1000, STORE_AWAY_MS = 5000 };

typedef struct {
  NoticesSender *sender;
  NoticesWay way;
  pthread_t thread;
  bool started;
  GRand *random;
  int away; /* how many times in a row the gateway was */
  char trouble[NOTICE_TROUBLE_MAX];
} Carrier;

struct NoticesSender {
  Notices *notices;
  const NoticesGateways *gateways;
  atomic_bool stopping;
  pthread_mutex_t lock; /* of troubles, and of waiting */
  pthread_cond_t wake;
  Carrier carriers[NOTICES_WAYS];
};

/* ---- pauses ------------------------------------------------------------------ */

/* Doubled each time, a quarter more or less, so that what failed together does not come back together. */
static gint64
pause_after (Carrier *c, gint64 attempts)
{
  const NoticesGateways *g = c->sender->gateways;
  gint64 pause = g->retry_s;
  for (gint64 i = 1; i < attempts && pause < g->retry_max_s; i++)
    pause *= 2;
  pause = MIN (pause, g->retry_max_s);
  return MAX (1, pause * g_rand_int_range (c->random, 750, 1251) / 1000);
}

/* Wait MS, or until the sender is stopped. */
static void
rest (NoticesSender *sender, gint64 ms)
{
  struct timespec until;
  clock_gettime (CLOCK_REALTIME, &until);
  until.tv_sec += ms / 1000;
  until.tv_nsec += ms % 1000 * 1000000;
  if (until.tv_nsec >= 1000000000) {
    until.tv_sec++;
    until.tv_nsec -= 1000000000;
  }
  pthread_mutex_lock (&sender->lock);
  while (!atomic_load (&sender->stopping)
         && pthread_cond_timedwait (&sender->wake, &sender->lock, &until) == 0)
    ;
  pthread_mutex_unlock (&sender->lock);
}

/* ---- troubles ------------------------------------------------------------------ */

static void
say_trouble (Carrier *c, const char *trouble)
{
  pthread_mutex_lock (&c->sender->lock);
  bool was = *c->trouble;
  g_strlcpy (c->trouble, trouble ? trouble : "", sizeof c->trouble);
  pthread_mutex_unlock (&c->sender->lock);
  if (trouble && !was)
    g_printerr ("notices: %s does not leave: %s\n", notices_way_id (c->way), trouble);
  else if (!trouble && was)
    g_printerr ("notices: %s leaves again\n", notices_way_id (c->way));
}

char *
notices_trouble (NoticesSender *sender, NoticesWay way)
{
  pthread_mutex_lock (&sender->lock);
  char *trouble = *sender->carriers[way].trouble ? g_strdup (sender->carriers[way].trouble) : NULL;
  pthread_mutex_unlock (&sender->lock);
  return trouble;
}

/* ---- sending ------------------------------------------------------------------- */

static bool
is_stopped (gpointer sender)
{
  return atomic_load (&((NoticesSender *)sender)->stopping);
}

typedef struct {
  const NoticesGateways *gateways;
  Arena *arena;
  TextsLanguage language;
} Outside;

static const char *
look_outside (const char *name, gpointer data)
{
  const Outside *o = data;
  if (g_str_equal (name, "place"))
    return o->gateways->place[o->language] ? o->gateways->place[o->language] : "";
  if (g_str_equal (name, "link"))
    return arena_printf (o->arena, "%s/me/notices", o->gateways->site ? o->gateways->site : "");
  return NULL;
}

static void
carry (Carrier *c, Arena *arena, QueueLetter *taken)
{
  const TextsOutside *texts = &texts_get ()->outside;
  Outside outside = { c->sender->gateways, arena, taken->english ? TEXTS_EN : TEXTS_ZH };
  NoticeLetter letter
      = { .id = taken->message,
          .address = taken->address,
          .subject = texts_fill (arena, texts->subject.text[outside.language], look_outside, &outside, NULL),
          .text = texts_fill (arena, texts->way[c->way].text[outside.language], look_outside, &outside, NULL),
          .stopped = is_stopped,
          .stopped_data = c->sender };
  const NoticeChannel *channel = &c->sender->gateways->channels[c->way];
  char trouble[NOTICE_TROUBLE_MAX] = "";
  taken->verdict = channel->send (channel->channel, &letter, trouble);
  taken->trouble = arena_text (arena, text_of (trouble));
  taken->pause = pause_after (c, taken->attempts);
  c->away = taken->verdict == NOTICE_AWAY ? c->away + 1 : 0;
  if (!is_stopped (c->sender))
    say_trouble (c, taken->verdict == NOTICE_AWAY ? trouble : NULL);
}

/* Take and send until nothing is due, the gateway is away, or it is time to stop: how long to rest then. */
static gint64
carry_all (Carrier *c, GError **error)
{
  NoticesSender *sender = c->sender;
  QueueLetter done, *last = NULL;
  bool away = false;
  g_autoptr (Arena) arena = arena_new (), other = arena_new ();
  for (;;) {
    QueueStep step = { .notices = sender->notices,
                       .gateways = sender->gateways,
                       .way = c->way,
                       .arena = arena,
                       .done = last,
                       .take = !is_stopped (sender) && !away };
    bool due = false;
    if ((!last && (!queue_look (&step, &due, error) || !due)) || !queue_step (&step, error))
      return IDLE_MS;
    if (!step.taken.id)
      return away ? pause_after (c, c->away) * 1000 : IDLE_MS;
    done = step.taken;
    last = &done;
    carry (c, arena, last);
    away = last->verdict == NOTICE_AWAY;
    Arena *spent = other; /* what LAST points to lives through the next step */
    other = arena;
    arena = spent;
    arena_reset (arena);
  }
}

static void *
run (void *data)
{
  Carrier *c = data;
  while (!is_stopped (c->sender)) {
    g_autoptr (GError) error = NULL;
    gint64 ms = carry_all (c, &error);
    if (error)
      say_trouble (c, error->message);
    rest (c->sender, error ? STORE_AWAY_MS : ms);
  }
  return NULL;
}

NoticesSender *
notices_start (Notices *notices, const NoticesGateways *gateways, GError **error)
{
  texts_get ();
  NoticesSender *sender = g_new0 (NoticesSender, 1);
  sender->notices = notices;
  sender->gateways = gateways;
  pthread_mutex_init (&sender->lock, NULL);
  pthread_cond_init (&sender->wake, NULL);
  for (int way = 0; way < NOTICES_WAYS; way++) {
    Carrier *c = &sender->carriers[way];
    c->sender = sender;
    c->way = (NoticesWay)way;
    c->random = g_rand_new_with_seed (gateways->seed + (guint32)way);
    int fault = pthread_create (&c->thread, NULL, run, c);
    c->started = !fault;
    if (fault) {
      g_set_error (error, FAULT, FAULT_SYSTEM, "no thread to send notices: %s", g_strerror (fault));
      notices_stop (sender);
      return NULL;
    }
  }
  return sender;
}

void
notices_stop (NoticesSender *sender)
{
  if (!sender)
    return;
  pthread_mutex_lock (&sender->lock);
  atomic_store (&sender->stopping, true);
  pthread_cond_broadcast (&sender->wake);
  pthread_mutex_unlock (&sender->lock);
  for (int way = 0; way < NOTICES_WAYS; way++) {
    if (sender->carriers[way].started)
      pthread_join (sender->carriers[way].thread, NULL);
    if (sender->carriers[way].random)
      g_rand_free (sender->carriers[way].random);
  }
  pthread_cond_destroy (&sender->wake);
  pthread_mutex_destroy (&sender->lock);
  g_free (sender);
}
