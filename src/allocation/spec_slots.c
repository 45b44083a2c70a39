/* Reserves and open places: from what a spec says to each unit's runs of slots. */
#include "allocation/spec_private.h"

enum { SHARE_DIGITS = 6 };

/* "30%", "12.5%" or "0.3" as a fraction, from 0 to 1. */
static bool
read_share (SpecReading *r, SpecPlace place, Text text, SpecRun *run)
{
  bool percent = text_ends_with (text, "%");
  size_t len = text.len - percent, digits = 0;
  guint64 numerator = 0, denominator = percent ? 100 : 1;
  bool ok = len > 0, behind = false;
  for (size_t i = 0; i < len && ok; i++) {
    char c = text.bytes[i];
    if (c == '.' && !behind && i)
      behind = true;
    else if (g_ascii_isdigit (c) && ++digits <= SHARE_DIGITS + 3) {
      numerator = numerator * 10 + (guint64)(c - '0');
      denominator *= behind ? 10 : 1;
    } else
      ok = false;
  }
  if (!ok || numerator > denominator)
    return spec_fail (r, place, "share: \"%.*s\" is no share from 0%% to 100%%", (int)text.len, text.bytes);
  run->is_share = true;
  run->numerator = numerator;
  run->denominator = denominator;
  return true;
}

/* What the share is of: its base is named, never guessed. */
static bool
read_base (SpecReading *r, yaml_node_t *node, SpecRun *run)
{
  Text of = text_of (NULL);
  if (!yaml_get_text (&r->file, node, "of", true, &of, r->error))
    return false;
  run->base = -1;
  run->of_places = text_equal (of, TEXT_LITERAL ("places"));
  if (run->of_places || text_equal (of, TEXT_LITERAL ("posts")))
    return true;
  guint64 count;
  if (!spec_number (r, run->place, "of (posts, places, or a count)", of, G_MAXUINT32, &count))
    return false;
  run->base = (gint64)count;
  return true;
}

static bool
read_kind (SpecReading *r, SpecRun *run, Text kind)
{
  if (kind.len == 0 || text_equal (kind, TEXT_LITERAL ("minimum")))
    run->kind = ALLOCATION_MINIMUM;
  else if (text_equal (kind, TEXT_LITERAL ("hard")) || text_equal (kind, TEXT_LITERAL ("dedicated"))) {
    run->kind = ALLOCATION_HARD;
    run->is_dedicated = kind.bytes[0] == 'd';
  } else
    return spec_fail (r, run->place, "kind: \"%.*s\" is none of minimum, hard, dedicated", (int)kind.len,
                      kind.bytes);
  return true;
}

/* Whose it is, and its number or share. */
static bool
read_seats (SpecReading *r, yaml_node_t *node, SpecRun *run)
{
  Text trait = text_of (NULL), number = trait, share = trait;
  if (!yaml_get_text (&r->file, node, "reserve", true, &trait, r->error)
      || !yaml_get_text (&r->file, node, "number", false, &number, r->error)
      || !yaml_get_text (&r->file, node, "share", false, &share, r->error))
    return false;
  gint64 index = spec_index (r->trait_of, trait.bytes);
  if (index < 0)
    return spec_fail (r, run->place, "reserve: \"%s\" is none of the traits", trait.bytes);
  run->trait = (guint8)index;
  if (!run->name)
    run->name = r->spec->traits[index];
  if ((number.len > 0) == (share.len > 0))
    return spec_fail (r, run->place, "a reserve has either a number or a share");
  if (number.len)
    return spec_number (r, run->place, "number", number, G_MAXUINT32, &run->number);
  return read_share (r, run->place, share, run) && read_base (r, node, run);
}

static bool
read_reserve (SpecReading *r, yaml_node_t *node, SpecRun *run)
{
  Text kind = text_of (NULL);
  return yaml_get_text (&r->file, node, "kind", false, &kind, r->error) && read_kind (r, run, kind)
         && read_seats (r, node, run);
}

static bool
read_matched (SpecReading *r, yaml_node_t *node, SpecRun *run)
{
  static const char *const known[] = { "reserve", "number", "share", "of", NULL };
  yaml_node_t *list = yaml_get (&r->file, node, "matched");
  size_t n = list->type == YAML_SEQUENCE_NODE
                 ? (size_t)(list->data.sequence.items.top - list->data.sequence.items.start)
                 : 0;
  if (n < 2 || n > ALLOCATION_MATCHED_MAX)
    return spec_fail (r, run->place, "matched must be a list of 2 to %d reserves", ALLOCATION_MATCHED_MAX);
  run->kind = ALLOCATION_MATCHED;
  run->matched = arena_new0 (r->arena, SpecRun, n);
  run->n_matched = n;
  g_autoptr (GString) names = g_string_new (NULL);
  for (size_t i = 0; i < n; i++) {
    yaml_node_t *entry = yaml_file_node (&r->file, list->data.sequence.items.start[i]);
    SpecRun *one = &run->matched[i];
    one->place = spec_line (r, entry);
    if (!yaml_check_mapping (&r->file, entry, known, "matched", r->error) || !read_seats (r, entry, one))
      return false;
    for (size_t j = 0; j < i; j++)
      if (run->matched[j].trait == one->trait)
        return spec_fail (r, one->place, "matched: \"%s\" stands twice", one->name);
    g_string_append_printf (names, "%s%s", i ? "、" : "", one->name);
  }
  if (!run->name)
    run->name = arena_text (r->arena, (Text){ names->str, names->len });
  return r->spec->ties == ALLOCATION_TIES_LOTTERY
         || spec_fail (r, run->place,
                       "where several traits are matched, the lot must decide between equal claims");
}

static bool
read_run (SpecReading *r, yaml_node_t *node, SpecRun *run)
{
  static const char *const known[]
      = { "reserve", "matched", "open", "kind", "number", "share", "of", "name", NULL };
  static const char *const of_matched[] = { "matched", "name", NULL };
  Text open = text_of (NULL), name = open;
  if (!yaml_check_mapping (&r->file, node, known, "slots", r->error)
      || !yaml_get_text (&r->file, node, "open", false, &open, r->error)
      || !yaml_get_text (&r->file, node, "name", false, &name, r->error))
    return false;
  run->place = spec_line (r, node);
  run->name = name.len ? arena_text (r->arena, name) : NULL;
  bool reserve = yaml_get (&r->file, node, "reserve"), matched = yaml_get (&r->file, node, "matched");
  if ((open.len > 0) + reserve + matched != 1)
    return spec_fail (r, run->place, "an entry of slots is one of open, reserve and matched");
  if (matched)
    return yaml_check_mapping (&r->file, node, of_matched, "matched slots", r->error)
           && read_matched (r, node, run);
  if (reserve)
    return read_reserve (r, node, run);
  run->kind = ALLOCATION_OPEN;
  run->name = run->name ? run->name : "open";
  run->is_rest = text_equal (open, TEXT_LITERAL ("rest"));
  return run->is_rest
         || spec_number (r, run->place, "open (rest, or a number)", open, G_MAXUINT32, &run->number);
}

bool
spec_read_runs (SpecReading *r, yaml_node_t *node, GArray *runs)
{
  if (node->type != YAML_SEQUENCE_NODE)
    return spec_fail (r, spec_line (r, node),
                      "slots must be a list, in the order in which places are filled");
  bool rest = false;
  for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
       item++) {
    SpecRun run = { 0 };
    if (!read_run (r, yaml_file_node (&r->file, *item), &run))
      return false;
    if (rest && run.is_rest)
      return spec_fail (r, run.place, "\"open: rest\" stands twice");
    rest |= run.is_rest;
    g_array_append_val (runs, run);
  }
  return true;
}

/* ---- caps ----------------------------------------------------------------- */

static bool
read_region (SpecReading *r, yaml_node_t *node, AllocationRegion *region, size_t index)
{
  static const char *const known[] = { "name", "cap", NULL };
  Text name, cap;
  guint64 number;
  if (!yaml_check_mapping (&r->file, node, known, "regions", r->error)
      || !yaml_get_text (&r->file, node, "name", true, &name, r->error)
      || !yaml_get_text (&r->file, node, "cap", true, &cap, r->error)
      || !spec_number (r, spec_line (r, node), "cap", cap, G_MAXUINT32 / 2, &number))
    return false;
  *region = (AllocationRegion){ arena_text (r->arena, name), (guint32)number };
  if (spec_index (r->region_of, region->name) >= 0)
    return spec_fail (r, spec_line (r, node), "the region \"%s\" is there twice", region->name);
  spec_remember (r, r->region_of, region->name, index);
  return true;
}

bool
spec_read_regions (SpecReading *r, yaml_node_t *node)
{
  AllocationSpec *spec = r->spec;
  if (node->type != YAML_SEQUENCE_NODE)
    return spec_fail (r, spec_line (r, node), "regions must be a list");
  if (spec->ties != ALLOCATION_TIES_LOTTERY || spec->mechanism != ALLOCATION_DEFERRED)
    return spec_fail (
        r, spec_line (r, node),
        "with regions the mechanism is deferred-acceptance, and the lot decides between equal claims");
  spec->n_regions = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
  AllocationRegion *regions = arena_new0 (r->arena, AllocationRegion, spec->n_regions);
  spec->regions = regions;
  for (size_t i = 0; i < spec->n_regions; i++) {
    yaml_node_t *entry = yaml_file_node (&r->file, node->data.sequence.items.start[i]);
    if (!read_region (r, entry, &regions[i], i))
      return false;
  }
  return true;
}

/* The units of a region are open to all, and their targets keep within its cap; LEFT: what they leave of it.
 */
static bool
check_region (SpecReading *r, const SpecUnit *from, const AllocationUnit *unit, const AllocationSlots *slots,
              guint64 *left)
{
  if (from->region == ALLOCATION_NOWHERE)
    return true;
  if (unit->n_slots > 1 || (unit->n_slots && slots->kind != ALLOCATION_OPEN))
    return spec_fail (r, from->place, "%s is in a region: all its places must be open to all", from->id);
  if (from->target > left[from->region])
    return spec_fail (r, from->place, "%s: the targets of the region \"%s\" are more than its cap", from->id,
                      r->spec->regions[from->region].name);
  left[from->region] -= from->target;
  return true;
}

/* ---- a unit's slots ---------------------------------------------------- */

/* "At least a share" is kept by rounding up: 30% of 4 posts are 2. */
static guint64
run_length (const SpecRun *run, guint64 places, guint64 posts)
{
  guint64 sum = 0;
  for (size_t i = 0; i < run->n_matched; i++)
    sum += run_length (&run->matched[i], places, posts);
  if (!run->is_share)
    return run->number + sum;
  guint64 base = run->base >= 0 ? (guint64)run->base : run->of_places ? places : posts;
  return (run->numerator * base + run->denominator - 1) / run->denominator;
}

static void
add_slots (GArray *slots, const SpecRun *run, guint64 n)
{
  AllocationSlots slot = { .kind = run->kind, .trait = run->trait, .n = (guint32)n, .name = run->name };
  if (n)
    g_array_append_val (slots, slot);
}

static void
add_matched (SpecReading *r, GArray *slots, const SpecRun *run, guint64 places, guint64 posts)
{
  AllocationSeats *seats = arena_new0 (r->arena, AllocationSeats, run->n_matched);
  for (size_t i = 0; i < run->n_matched; i++)
    seats[i]
        = (AllocationSeats){ run->matched[i].trait, (guint32)run_length (&run->matched[i], places, posts) };
  add_slots (slots, run, run_length (run, places, posts));
  AllocationSlots *slot = &g_array_index (slots, AllocationSlots, slots->len - 1);
  slot->n_seats = (guint8)run->n_matched;
  slot->seats = seats;
}

static bool
lay_unit (SpecReading *r, const SpecUnit *from, guint64 posts, AllocationUnit *unit, GArray *slots)
{
  const GArray *runs = from->runs ? from->runs : r->runs;
  static const SpecRun open = { .kind = ALLOCATION_OPEN, .name = "open", .is_rest = true };
  guint64 taken = 0;
  bool rest = false;
  for (guint i = 0; i < runs->len; i++) {
    const SpecRun *run = &g_array_index (runs, SpecRun, i);
    rest |= run->is_rest;
    taken += run->is_rest || run->is_dedicated ? 0 : run_length (run, from->places, posts);
  }
  if (taken > from->places)
    return spec_fail (r, from->place,
                      "%s has %" G_GUINT64_FORMAT " places and its slots are %" G_GUINT64_FORMAT, from->id,
                      from->places, taken);
  *unit = (AllocationUnit){
    .id = from->id, .first = slots->len, .region = from->region, .target = from->target
  };
  for (guint i = 0; i < runs->len; i++) {
    const SpecRun *run = &g_array_index (runs, SpecRun, i);
    guint64 n = run->is_rest ? from->places - taken : run_length (run, from->places, posts);
    if (run->n_matched && n)
      add_matched (r, slots, run, from->places, posts);
    else
      add_slots (slots, run, n);
  }
  if (!rest)
    add_slots (slots, &open, from->places - taken);
  unit->n_slots = slots->len - unit->first;
  return true;
}

bool
spec_lay_slots (SpecReading *r)
{
  AllocationSpec *spec = r->spec;
  guint64 posts = 0;
  for (guint i = 0; i < r->units->len; i++)
    posts += g_array_index (r->units, SpecUnit, i).places;
  g_autoptr (GArray) slots = g_array_new (FALSE, TRUE, sizeof (AllocationSlots));
  AllocationUnit *units = arena_new0 (r->arena, AllocationUnit, r->units->len);
  g_autofree guint64 *left = g_new0 (guint64, MAX (spec->n_regions, 1));
  for (size_t i = 0; i < spec->n_regions; i++)
    left[i] = spec->regions[i].cap;
  for (guint i = 0; i < r->units->len; i++)
    if (!lay_unit (r, &g_array_index (r->units, SpecUnit, i), posts, &units[i], slots)
        || !check_region (r, &g_array_index (r->units, SpecUnit, i), &units[i],
                          &g_array_index (slots, AllocationSlots, units[i].first), left))
      return false;
  spec->n_units = r->units->len;
  spec->units = units;
  spec->n_slots = slots->len;
  spec->slots = arena_copy (r->arena, slots->data, slots->len * sizeof (AllocationSlots));
  return true;
}
