/* What is wrong with a cell, and how to mend it, for people of either language. */
#include "intake/intake_private.h"

enum { SHOWN = 60 /* characters of a value */ };

static const struct {
  const char *wrong_zh, *mend_zh, *wrong_en, *mend_en; /* %s: what AID gives */
} words[] = {
  [PROBLEM_NOT_ALLOWED]
  = { "不是允许的取值", "填写以下之一：%s", "not one of the values allowed", "write one of: %s" },
  [PROBLEM_NO_NUMBER] = { "不是数字", "只填数字，不加单位和千分位，如 2500.00", "not a number",
                          "write digits only, such as 2500.00" },
  [PROBLEM_TOO_FINE]
  = { "小数位过多或数字过大", "小数点后最多 %s 位", "too many digits after the point, or too large",
      "at most %s digits after the point" },
  [PROBLEM_TOO_SMALL]
  = { "小于允许的最小值", "最小为 %s，请核对", "below the least allowed", "the least is %s: check it" },
  [PROBLEM_TOO_LARGE]
  = { "大于允许的最大值", "最大为 %s，请核对", "above the most allowed", "the most is %s: check it" },
  [PROBLEM_NO_BOOLEAN]
  = { "不是“是”或“否”", "填写 是 或 否", "neither yes nor no", "write 是 or 否 (true or false)" },
  [PROBLEM_NO_DATE] = { "不是日期", "按 2021-09-30 的样式填写", "not a date", "write it as 2021-09-30" },
  [PROBLEM_SPREADSHEET]
  = { "是电子表格的错误标记", "在表格中改正公式，或填写数值", "an error mark of the spreadsheet",
      "mend the formula in the spreadsheet, or write the value" },
  [PROBLEM_TEXT]
  = { "含有控制字符，或过长", "删去看不见的字符，缩短文字", "holds control characters, or is too long",
      "remove invisible characters, shorten the text" },
  [PROBLEM_ID_NUMBER] = { "公民身份号码有误（位数、日期或校验码）", "对照证件核对；表格中该列须设为文本格式",
                          "wrong ID number (length, date or check character)",
                          "compare it with the card; the column must have text format in the spreadsheet" },
  [PROBLEM_ID_BIRTH] = { "出生日期与公民身份号码不符", "对照证件核对这两列",
                         "the birth date is not that of the ID number", "compare both with the card" },
  [PROBLEM_ID_SEX] = { "性别与公民身份号码不符", "对照证件核对这两列", "the sex is not that of the ID number",
                       "compare both with the card" },
  [PROBLEM_CREDIT_CODE] = { "统一社会信用代码有误", "对照营业执照核对", "wrong unified social credit code",
                            "compare it with the licence" },
  [PROBLEM_NO_KEY]
  = { "没有填写%s", "补上，否则不知道是谁的记录", "%s is empty", "fill it in: it tells whose row it is" },
  [PROBLEM_KEY_TWICE] = { "与第 %s 行重复", "删去其中一行，或合并两行", "the same as in row %s",
                          "delete one of the rows, or join them" },
  [PROBLEM_KEY_TAKEN]
  = { "已属于另一主体 %s", "核对号码，或在“疑似重复”页面处理", "belongs to another subject, %s",
      "check the number, or see the page of duplicates" },
  [PROBLEM_NO_LABEL] = { "新主体没有填写%s", "补上名称", "a new subject without %s", "fill it in" },
  [PROBLEM_NO_SUBJECT] = { "没有这个主体", "核对编号，样式如 %s-12，或留空", "there is no such subject",
                           "check it (as in %s-12), or leave it empty" },
  [PROBLEM_AMBIGUOUS] = { "有多个同名主体", "加上“主体编号”一列", "several subjects have this name",
                          "add the column \"subject\" with their ids" },
  [PROBLEM_NO_REFERENCE] = { "没有找到所指的%s", "填写其编号、官方号码或名称；先导入被引用的表", "no such %s",
                             "write its id, official number or name; import the table it is in first" },
  [PROBLEM_AMBIGUOUS_REFERENCE] = { "有多个同名的%s", "改填其编号或官方号码", "several %s have this name",
                                    "write its id or official number" },
  [PROBLEM_SHORT_ROW] = { "这一行的列数少于表头（%s 列）", "核对引号和分隔符",
                          "fewer cells than the heading (%s)", "check quotes and separators" },
  [PROBLEM_LONG_ROW] = { "这一行的列数多于表头（%s 列）", "核对引号和分隔符",
                         "more cells than the heading (%s)", "check quotes and separators" },
};

static const char *
bound (const RegistryAttribute *a, gint64 value, Arena *arena)
{
  char buffer[DECIMAL_TEXT_MAX];
  return arena_text (arena, text_of (a->kind == REGISTRY_DATE
                                         ? civil_format (value, buffer)
                                         : decimal_format (decimal_from_scaled (value, a->scale), buffer)));
}

static const char *
name_of (bool zh, const char *name_zh, const char *name_en)
{
  return zh ? name_zh : name_en;
}

/* What fills the blank in the words, "" where they have none. */
static const char *
aid (const Problem *p, const RegistryAttribute *a, const RegistryEntity *entity, bool zh, Arena *arena)
{
  const RegistryAttribute *number = entity->number, *label = entity->label;
  switch (p->kind) {
  case PROBLEM_NOT_ALLOWED: {
    if (!a || !a->values)
      return "";
    g_autofree char *all
        = g_strjoinv (zh ? "、" : ", ", (char **)(zh || !a->values_en ? a->values : a->values_en));
    return arena_text (arena, text_of (all));
  }
  case PROBLEM_TOO_FINE: return a ? arena_printf (arena, "%d", a->scale) : "";
  case PROBLEM_TOO_SMALL: return a ? bound (a, a->min, arena) : "";
  case PROBLEM_TOO_LARGE: return a ? bound (a, a->max, arena) : "";
  case PROBLEM_NO_KEY: return number ? name_of (zh, number->zh, number->en) : "";
  case PROBLEM_NO_LABEL: return label ? name_of (zh, label->zh, label->en) : "";
  case PROBLEM_NO_SUBJECT: return entity->id;
  case PROBLEM_NO_REFERENCE:
  case PROBLEM_AMBIGUOUS_REFERENCE: return a && a->target ? name_of (zh, a->target->zh, a->target->en) : "";
  case PROBLEM_KEY_TAKEN:
    return arena_printf (arena, "%s-%" G_GINT64_FORMAT, entity->id, subject_number (p->number));
  case PROBLEM_KEY_TWICE:
  case PROBLEM_SHORT_ROW:
  case PROBLEM_LONG_ROW: return arena_printf (arena, "%" G_GINT64_FORMAT, p->number);
  default: return "";
  }
}

/* FORMAT with its "%s", if it has one, replaced. */
static const char *
fill (const char *format, const char *with, Arena *arena)
{
  const char *blank = strstr (format, "%s");
  return blank ? arena_printf (arena, "%.*s%s%s", (int)(blank - format), format, with, blank + 2) : format;
}

/* No longer than a person wants to see. */
static const char *
shown (Text value, Arena *arena)
{
  size_t n = 0, characters = 0;
  while (n < value.len && characters < SHOWN) {
    n = (size_t)(g_utf8_next_char (value.bytes + n) - value.bytes);
    characters++;
  }
  return n < value.len ? arena_printf (arena, "%.*s…", (int)n, value.bytes) : arena_text (arena, value);
}

void
problem_say (const Problem *p, const RegistryAttribute *attribute, const RegistryEntity *entity, Arena *arena,
             IntakeProblem *said)
{
  const char *zh = aid (p, attribute, entity, true, arena), *en = aid (p, attribute, entity, false, arena);
  said->value = shown (p->value, arena);
  said->wrong_zh = fill (words[p->kind].wrong_zh, zh, arena);
  said->mend_zh = fill (words[p->kind].mend_zh, zh, arena);
  said->wrong_en = fill (words[p->kind].wrong_en, en, arena);
  said->mend_en = fill (words[p->kind].mend_en, en, arena);
}
