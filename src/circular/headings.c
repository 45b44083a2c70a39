#include "reading.h"

#include <stdlib.h>

/* Headings are numbered as GB/T 9704-2012, 7.3.3 says: 一、 （一） 1. （1）; rules
 * and regulations by 章, 节, 条.  （1） and below are text of their clause. */

static size_t
numerals_end (Text line, size_t i)
{
  while (char_is_numeral (char_at (line, i)))
    i = char_next (line, i);
  return i;
}

static size_t
digits_end (Text line, size_t i)
{
  while (i < line.len && g_ascii_isdigit (line.bytes[i]))
    i++;
  return i;
}

/* The number written in NUMBER, 0 when it is none or too large to be a heading's. */
static unsigned
heading_number (Text number)
{
  if (number.len == 0 || number.len > 18)
    return 0;
  gint64 value = 0;
  if (g_ascii_isdigit (number.bytes[0]))
    for (size_t i = 0; i < number.len && value < 100000; i++)
      value = value * 10 + (number.bytes[i] - '0');
  else
    value = text_chinese_number (number);
  return value > 0 && value < 1000 ? (unsigned)value : 0;
}

/* 第N章, 第N部分, 第N节, 第N条 */
static Heading
ordinal_heading (Text line)
{
  static const struct {
    const char *word;
    Level level;
  } kinds[]
      = { { "章", LEVEL_CHAPTER }, { "部分", LEVEL_CHAPTER }, { "节", LEVEL_PART }, { "条", LEVEL_ARTICLE } };
  size_t from = strlen ("第");
  size_t to = MAX (numerals_end (line, from), digits_end (line, from));
  unsigned number = heading_number (text_slice (line, from, to));
  for (size_t k = 0; number && k < G_N_ELEMENTS (kinds); k++)
    if (word_at (line, to, kinds[k].word)) {
      size_t rest = to + strlen (kinds[k].word);
      return (Heading){ kinds[k].level, number, text_slice (line, 0, rest), rest };
    }
  return (Heading){ 0 };
}

static Heading
bracket_heading (Text line)
{
  size_t from = char_next (line, 0);
  size_t to = numerals_end (line, from);
  unsigned number = heading_number (text_slice (line, from, to));
  gunichar close = char_at (line, to);
  if (!number || (close != U'）' && close != ')'))
    return (Heading){ 0 };
  size_t rest = char_next (line, to);
  if (word_at (line, rest, "、"))
    rest += strlen ("、");
  return (Heading){ LEVEL_SECOND, number, text_slice (line, from, to), rest };
}

/* "一、二、三产业" at the start of a line is a list, not a heading. */
static Heading
first_heading (Text line)
{
  size_t to = numerals_end (line, 0);
  unsigned number = heading_number (text_slice (line, 0, to));
  gunichar mark = char_at (line, to);
  size_t rest = char_next (line, to);
  if (!number || number > 99 || (mark != U'、' && mark != '.'))
    return (Heading){ 0 };
  size_t next = numerals_end (line, rest);
  if (next > rest && char_at (line, next) == U'、')
    return (Heading){ 0 };
  return (Heading){ LEVEL_FIRST, number, text_slice (line, 0, to), rest };
}

static Heading
third_heading (Text line)
{
  size_t to = digits_end (line, 0);
  unsigned number = to <= 2 ? heading_number (text_slice (line, 0, to)) : 0;
  gunichar mark = char_at (line, to);
  size_t rest = char_next (line, to);
  if (!number || (mark != '.' && mark != U'、' && mark != U'．')
      || (rest < line.len && g_ascii_isdigit (line.bytes[rest])))
    return (Heading){ 0 };
  return (Heading){ LEVEL_THIRD, number, text_slice (line, 0, to), rest };
}

Heading
heading_of (Text line)
{
  gunichar c = char_at (line, 0);
  Heading heading = { 0 };
  if (c == U'第')
    heading = ordinal_heading (line);
  else if (c == U'（' || c == '(')
    heading = bracket_heading (line);
  else if (char_is_numeral (c))
    heading = first_heading (line);
  else if (g_ascii_isdigit ((char)MIN (c, 127)))
    heading = third_heading (line);
  while (heading.level && heading.rest < line.len && line.bytes[heading.rest] == ' ')
    heading.rest++;
  return heading;
}

/* 完成时限：, 责任领导： … at byte I: what a note says besides its units. */
size_t
other_label_at (Text text, size_t i)
{
  static Words labels = { "完成时限", "完成时间", "完成期限", "时间节点", "时限要求", "时限",
                          "责任领导", "牵头领导", "分管领导", "责任人",   "牵头人",   "联系人",
                          "工作目标", "进度安排", "完成时序", "实施时间", "备注",     NULL };
  size_t n = words_at (text, i, labels);
  gunichar colon = n ? char_at (text, i + n) : 0;
  return colon == U'：' || colon == ':' ? char_next (text, i + n) - i : 0;
}

size_t
units_label_at (Text text, size_t i, Text *office)
{
  static Words offices
      = { "责任", "牵头",     "配合", "主办",     "承办",     "协办",     "参加",     "参与",     "落实",
          "实施", "主要责任", "主责", "协同",     "支持",     "完成",     "牵头责任", "责任牵头", "协助",
          "负责", "第一责任", "组织", "牵头负责", "共同牵头", "责任落实", NULL };
  static Words bodies = { "单位", "部门", "主体", "机构", "单位及部门", NULL };
  size_t n = words_at (text, i, offices);
  size_t m = n ? words_at (text, i + n, bodies) : 0;
  if (!m || (char_at (text, i + n + m) != U'：' && char_at (text, i + n + m) != ':'))
    return 0;
  if (office)
    *office = text_slice (text, i, i + n);
  return char_next (text, i + n + m) - i;
}
