/* The copy on paper, for the person to read and to show. */
#include "paper/paper.h"
#include "rights/rights_private.h"

enum { ACCESSES_AT_ONCE = 500 };

typedef struct {
  Rights *rights;
  const RegistrySchema *schema;
  Paper *paper;
  bool english;
  Arena *arena;
} Sheet;

/* ---- words --------------------------------------------------------------- */

static const char *
say (const Sheet *s, const char *zh, const char *en)
{
  return s->english ? en : zh;
}

static const char *
day_words (const Sheet *s, Day day)
{
  char buffer[CIVIL_TEXT_MAX];
  if (day == REGISTRY_EVER || day == REGISTRY_FOREVER || !day)
    return "—";
  return arena_text (s->arena, text_of (civil_format (day, buffer)));
}

/* "2021-09-30 08:15", in Asia/Shanghai. */
static const char *
instant_words (const Sheet *s, gint64 seconds)
{
  char buffer[CIVIL_TEXT_MAX];
  if (!seconds)
    return "—";
  instant_format (seconds + (gint64)8 * 3600, buffer);
  return arena_printf (s->arena, "%.10s %.5s", buffer, buffer + 11);
}

/* TEXT, a fact's value as the registry writes it, as people read it. */
static const char *
value_words (const Sheet *s, const RegistryAttribute *a, const char *text)
{
  if (!text)
    return say (s, "无", "none");
  if (a->kind == REGISTRY_BOOLEAN)
    return g_str_equal (text, "true") ? say (s, "是", "yes") : say (s, "否", "no");
  for (size_t i = 0; s->english && a->values_en && i < a->n_values; i++)
    if (g_str_equal (a->values[i], text))
      return a->values_en[i];
  return a->unit ? arena_printf (s->arena, "%s %s", text, a->unit) : text;
}

static const char *
name_words (const Sheet *s, const RegistryAttribute *a)
{
  return say (s, a->zh, a->en);
}

/* ---- what holds today ----------------------------------------------------- */

static const char *
kept_words (const Sheet *s, const RegistryRetention *rule)
{
  if (!rule)
    return say (s, "未确定", "not determined");
  if (!rule->years)
    return say (s, "永久", "for ever");
  return arena_printf (s->arena, s->english ? "%s%d years from %s" : "%s%d年，自%s起",
                       rule->at_least ? say (s, "至少", "at least ") : "", rule->years,
                       say (s, rule->from_zh, rule->from_en));
}

static void
write_stated (Sheet *s, const RightsPart *part)
{
  const PaperColumn columns[]
      = { { say (s, "事项", "Fact"), 3 },         { say (s, "内容", "Value"), 3 },
          { say (s, "来源部门", "Source"), 2.4 }, { say (s, "自", "Since"), 1.7 },
          { say (s, "批次", "Batch"), 1, true },  { say (s, "保存期限", "Kept"), 3 } };
  paper_table (s->paper, columns, G_N_ELEMENTS (columns));
  for (size_t i = 0; i < part->n_facts; i++) {
    const RegistryProvenance *fact = part->facts[i];
    if (!fact->batch || fact->assumed)
      continue;
    const char *cells[] = { name_words (s, fact->attribute),
                            value_words (s, fact->attribute, rights_fact_text (s->arena, fact)),
                            fact->source,
                            day_words (s, fact->valid_from),
                            arena_printf (s->arena, "%" G_GINT64_FORMAT, fact->batch),
                            kept_words (s, registry_retention (s->schema, fact->attribute)) };
    paper_row (s->paper, cells);
  }
  paper_table_end (s->paper);
}

/* The names of the facts of which nothing is stated, in one paragraph. */
static void
write_unstated (Sheet *s, const RightsPart *part, bool assumed, const char *lead)
{
  g_autoptr (GString) names = g_string_new (lead);
  size_t n = 0;
  for (size_t i = 0; i < part->n_facts; i++) {
    const RegistryProvenance *fact = part->facts[i];
    if (fact->assumed != assumed || (fact->batch && !fact->assumed))
      continue;
    g_string_append_printf (names, "%s%s", n++ ? say (s, "、", ", ") : "", name_words (s, fact->attribute));
    if (assumed && rights_fact_text (s->arena, fact))
      g_string_append_printf (names, say (s, "（%s）", " (%s)"),
                              value_words (s, fact->attribute, rights_fact_text (s->arena, fact)));
  }
  if (n)
    paper_note (s->paper, names->str);
}

/* ---- the log --------------------------------------------------------------- */

static const char *
record_words (const Sheet *s, const RegistryRecord *record)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (size_t i = 0; i < record->n; i++) {
    const RegistryFact *fact = &record->facts[i];
    g_string_append_printf (
        out, "%s%s%s%s", i ? say (s, "；", "; ") : "", name_words (s, fact->attribute), say (s, "：", ": "),
        value_words (s, fact->attribute, registry_fact_format (s->arena, s->schema, fact)));
  }
  return arena_text (s->arena, (Text){ out->str, out->len });
}

static void
write_history (Sheet *s, const RightsPart *part)
{
  const PaperColumn columns[] = { { say (s, "批次", "Batch"), 1, true },
                                  { say (s, "记录时间", "Recorded"), 2 },
                                  { say (s, "来源和记录人", "Source, by whom"), 2.6 },
                                  { say (s, "依据", "Evidence"), 2.4 },
                                  { say (s, "内容", "What it says"), 6 } };
  paper_table (s->paper, columns, G_N_ELEMENTS (columns));
  for (size_t i = 0; i < part->n_records; i++) {
    const RegistryRecord *record = &part->records[i];
    const char *cells[] = { arena_printf (s->arena, "%" G_GINT64_FORMAT, record->batch),
                            instant_words (s, record->recorded_at),
                            arena_printf (s->arena, "%s %s", record->source, record->actor),
                            record->evidence ? record->evidence : "—", record_words (s, record) };
    paper_row (s->paper, cells);
  }
  paper_table_end (s->paper);
}

static void
write_part (Sheet *s, const RightsPart *part)
{
  const RegistryEntity *entity = registry_subject_entity (s->schema, part->subject);
  paper_heading (s->paper, 1,
                 arena_printf (s->arena, "%s · %s", say (s, entity->zh, entity->en),
                               registry_subject_format (s->arena, s->schema, part->subject)));
  write_stated (s, part);
  write_unstated (
      s, part, true,
      say (s, "完整名册里没有，按规定视为：", "Not in a complete register, and so taken to be: "));
  write_unstated (s, part, false, say (s, "没有人登记过：", "Recorded by nobody: "));
  paper_heading (s->paper, 2, say (s, "历次记录", "Every record"));
  write_history (s, part);
}

/* ---- requests and accesses -------------------------------------------------- */

static void
write_requests (Sheet *s, const RightsCopy *copy)
{
  static const char *const status[][2]
      = { { "办理中", "open" }, { "已同意", "accepted" }, { "未同意", "refused" } };
  static const char *const kinds[][2] = { { "更正", "correction" }, { "删除", "erasure" } };
  const PaperColumn columns[] = { { say (s, "编号", "No."), 1, true },
                                  { say (s, "申请", "Asked"), 4 },
                                  { say (s, "日期", "Day"), 2 },
                                  { say (s, "部门", "Department"), 2 },
                                  { say (s, "结果和理由", "Answer"), 4 } };
  paper_heading (s->paper, 1, say (s, "更正和删除申请", "Requests for correction and erasure"));
  if (!copy->n_requests) {
    paper_paragraph (s->paper, say (s, "没有。", "None."));
    return;
  }
  paper_table (s->paper, columns, G_N_ELEMENTS (columns));
  for (size_t i = 0; i < copy->n_requests; i++) {
    const RightsRequest *r = &copy->requests[i];
    const char *cells[]
        = { arena_printf (s->arena, "%" G_GINT64_FORMAT, r->id),
            arena_printf (s->arena, "%s · %s · %s", kinds[r->kind][s->english], name_words (s, r->attribute),
                          r->reason),
            instant_words (s, r->asked_at), r->department,
            arena_printf (s->arena, "%s %s", status[r->status][s->english], r->answer ? r->answer : "") };
    paper_row (s->paper, cells);
  }
  paper_table_end (s->paper);
}

static void
write_mandates (Sheet *s, const AccessMandate *mandates, size_t n)
{
  const PaperColumn columns[]
      = { { say (s, "编号", "No."), 1, true }, { say (s, "谁的数据", "Whose facts"), 2 },
          { say (s, "给谁看", "Seen by"), 2 }, { say (s, "为什么", "For"), 2 },
          { say (s, "期间", "Time"), 3 },      { say (s, "撤回", "Withdrawn"), 2 } };
  paper_table (s->paper, columns, G_N_ELEMENTS (columns));
  for (size_t i = 0; i < n; i++) {
    const char *cells[] = { arena_printf (s->arena, "%" G_GINT64_FORMAT, mandates[i].id),
                            registry_subject_format (s->arena, s->schema, mandates[i].giver),
                            registry_subject_format (s->arena, s->schema, mandates[i].viewer),
                            mandates[i].purpose ? mandates[i].purpose : say (s, "全部条款", "every clause"),
                            arena_printf (s->arena, "%s – %s", day_words (s, mandates[i].from),
                                          day_words (s, mandates[i].to)),
                            instant_words (s, mandates[i].withdrawn_at) };
    paper_row (s->paper, cells);
  }
  paper_table_end (s->paper);
}

static void
write_account (Sheet *s, const RightsCopy *copy)
{
  paper_heading (s->paper, 1, say (s, "授权和登录", "Mandates and sessions"));
  if (copy->n_given)
    write_mandates (s, copy->given, copy->n_given);
  if (copy->n_received)
    write_mandates (s, copy->received, copy->n_received);
  if (!copy->n_given && !copy->n_received)
    paper_paragraph (s->paper, say (s, "没有授权。", "No mandates."));
  for (size_t i = 0; i < copy->n_sessions; i++) {
    const AccessSession *session = &copy->sessions[i];
    paper_note (s->paper,
                arena_printf (s->arena, "%s – %s  %s  %s", instant_words (s, session->began_at),
                              instant_words (s, session->seen_at), session->address ? session->address : "",
                              session->agent ? session->agent : ""));
  }
}

static void
write_notices (Sheet *s, const RightsCopy *copy)
{
  const PaperColumn columns[] = { { say (s, "时间", "When"), 2 },
                                  { say (s, "消息", "Message"), 3 },
                                  { say (s, "内容", "Text"), 6 },
                                  { say (s, "已读", "Read"), 2 } };
  const NoticeItem *items = s->english ? copy->notices_en : copy->notices;
  paper_heading (s->paper, 1, say (s, "收到的消息", "Messages received"));
  paper_note (s->paper, arena_printf (s->arena, "%s%s", say (s, "保存期限：", "Kept: "),
                                      kept_words (s, registry_notices_retention (s->schema))));
  for (int way = 0; copy->choice && way < NOTICES_WAYS; way++)
    if (copy->choice->address[way])
      paper_note (s->paper, arena_printf (s->arena, "%s: %s", notices_way_id ((NoticesWay)way),
                                          copy->choice->address[way]));
  if (!copy->n_notices) {
    paper_paragraph (s->paper, say (s, "没有。", "None."));
    return;
  }
  paper_table (s->paper, columns, G_N_ELEMENTS (columns));
  for (size_t i = 0; i < copy->n_notices; i++) {
    const char *cells[] = { instant_words (s, items[i].at), items[i].title, items[i].body,
                            instant_words (s, items[i].read_at) };
    paper_row (s->paper, cells);
  }
  paper_table_end (s->paper);
}

static const char *
act_words (const Sheet *s, AuditAct act)
{
  static const char *const words[AUDIT_N_ACTS][2] = {
    [AUDIT_READ] = { "读取", "read" },
    [AUDIT_REFUSED] = { "想读取，被拒绝", "tried to read, refused" },
    [AUDIT_SEARCH] = { "查找时列出", "listed in a search" },
    [AUDIT_RUN] = { "成批计算", "a run over many" },
    [AUDIT_WRITE] = { "记录或修改", "recorded or changed" },
    [AUDIT_EXPORT] = { "取走副本", "took a copy" },
    [AUDIT_LOGIN] = { "登录", "logged in" },
    [AUDIT_LOGIN_REFUSED] = { "登录失败", "login refused" },
    [AUDIT_GRANT] = { "授权", "gave or took rights" },
    [AUDIT_ADMIN] = { "管理", "administration" },
    [AUDIT_ERASE] = { "删除细节", "erased details" },
  };
  return words[act][s->english];
}

static void
write_access (Sheet *s, const AuditRecord *record)
{
  const AuditEntry *e = &record->entry;
  if (record->erased)
    return;
  const char *what = rights_access_words (s->rights, s->arena, e->detail, s->english);
  const char *cells[] = { arena_printf (s->arena, "%" G_GINT64_FORMAT, record->number),
                          instant_words (s, e->at / G_USEC_PER_SEC),
                          arena_printf (s->arena, "%s %s", e->department ? e->department : "", e->actor),
                          act_words (s, e->act),
                          e->purpose ? e->purpose : "—",
                          what ? what : "—" };
  paper_row (s->paper, cells);
}

static bool
write_accesses (Sheet *s, Subject person, GError **error)
{
  const PaperColumn columns[]
      = { { say (s, "编号", "No."), 1, true }, { say (s, "时间", "When"), 2 },
          { say (s, "谁", "Who"), 2.4 },       { say (s, "做了什么", "What"), 2 },
          { say (s, "为什么", "Why"), 2 },     { say (s, "哪些内容", "Which facts"), 4 } };
  Arena *whole = s->arena;
  size_t n = ACCESSES_AT_ONCE;
  paper_heading (s->paper, 1, say (s, "谁看过、改过", "Who read or changed it"));
  paper_table (s->paper, columns, G_N_ELEMENTS (columns));
  for (gint64 before = 0; n == ACCESSES_AT_ONCE;) {
    g_autoptr (Arena) arena = s->arena = arena_new ();
    const AuditRecord *records = audit_entries_about (registry_store (s->rights->registry), arena, person,
                                                      before, ACCESSES_AT_ONCE, &n, error);
    for (size_t i = 0; records && i < n; i++)
      write_access (s, &records[i]);
    s->arena = whole;
    if (!records) {
      paper_table_end (s->paper);
      return false;
    }
    before = n ? records[n - 1].number : 0;
  }
  paper_table_end (s->paper);
  return true;
}

bool
rights_copy_pdf (Rights *rights, const RightsCopy *copy, const char *language, GString *pdf, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  bool english = g_str_equal (language, "en");
  Sheet s = {
    .rights = rights, .schema = registry_schema (rights->registry), .english = english, .arena = arena
  };
  const char *id = registry_subject_format (arena, s.schema, copy->person);
  PaperAbout about = { .manner = PAPER_RECORD,
                       .title = arena_printf (arena, "%s · %s", say (&s, "我的数据", "My data"), id),
                       .author = "liudong",
                       .language = language,
                       .created_at = copy->made_at,
                       .footer = arena_printf (arena, "%s · %s", id, instant_words (&s, copy->made_at)) };
  g_autoptr (Paper) paper = s.paper = paper_new (&about, pdf, error);
  if (!paper)
    return false;
  paper_title (paper, say (&s, "我的数据：全部副本", "My data: a copy of everything"));
  paper_paragraph (
      paper, say (&s,
                  "依据《个人信息保护法》第四十五条，这里是登记在案的全部内容：现在有效的、历次记录的、提出过"
                  "的申请，以及谁看过。",
                  "Under article 45 of the Personal Information Protection Law: everything on record, what "
                  "holds today and every record before, the requests made, and who read it."));
  paper_note (
      paper,
      say (&s,
           "保存期限写“未确定”的，是没有规定给出期限。编号是日志里的条目，可以在“谁看过我的数据”里下载证明。",
           "Where it is not determined how long a fact is kept, no rule supplies it. Numbers of accesses are "
           "entries of the log; proofs can be downloaded on the page of accesses."));
  for (size_t i = 0; i < copy->n_parts; i++)
    write_part (&s, &copy->parts[i]);
  write_requests (&s, copy);
  write_account (&s, copy);
  write_notices (&s, copy);
  return write_accesses (&s, copy->person, error) && paper_finish (paper, error);
}
