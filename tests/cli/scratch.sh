# Files good and bad to run the program on, made in the current folder.
set -e
liudong demo --db county.db --residents 60 --seed 7 --listen none 2>county.log

cp county.db log.db
liudong audit sign --db log.db
liudong audit proof --db log.db --entry 1 --subject resident-1 >proof.json
sed 's/"number": 1,/"number": 2,/' proof.json >proof.bad
cp log.db older.db
liudong audit erase --db log.db --entry 2 --reason 'court order 3'
liudong audit sign --db log.db

printf 'hello\n' >text.db
: >empty.db
cp county.db interrupted.db && printf '\001' | dd of=interrupted.db bs=1 seek=63 conv=notrunc status=none
cp county.db state.db && printf '\007' | dd of=state.db bs=1 seek=63 conv=notrunc status=none
cp county.db damaged.db && head -c 100000 /dev/zero | tr '\0' '\245' | dd of=damaged.db bs=4096 seek=1 conv=notrunc status=none

printf 'long enough for a test\n' >phrase
printf 'long enough for a tess\n' >phrase.other
printf 'too short\n' >phrase.short

cp "$LIUDONG_SOURCE/tests/cli/circular.txt" circular.txt
iconv -f UTF-8 -t GB18030 circular.txt >gb18030.txt
printf '今天天气很好。\n我们去公园散步。\n' >letter.txt
head -n 6 circular.txt >head.txt
printf '\376\377\0\001' >utf16.txt
: >empty.txt

policy="$LIUDONG_SOURCE/tests/policy"
for copy in good bad-table bad-yaml bad-example without-circular without-registry without-calendar; do
  cp -r "$policy/good" $copy
done
for copy in bad-register bad-register-date; do cp -r "$policy/good" $copy; done
printf 'registers:\n  # visits\n  - { id: visit, clause: 1, entity: visit }\n' >bad-register/registers.yaml
printf 'registers:\n  # members\n  - { id: member, clause: 1, entity: resident, about: household, date: age }\n' >bad-register-date/registers.yaml
cp -r "$policy/good" reasoned
sed -i 's/^labels: {可以上门/accepted: [{finding: untested-condition, decision: 取暖补助, reason: 试}, {finding: untested-rule, decision: 符合条件, rule: "1", reason: 试}]\n&/' reasoned/clauses/02-help.md
mkdir nothing
cp "$policy/bad/ragged-row-short.md" bad-table/clauses/01-aid.md
printf 'entities:\n  - [broken\n' >bad-yaml/registry.yaml
sed -i 's/| 80  /| 81  /' bad-example/clauses/01-aid.md
rm without-circular/circular.yaml without-registry/registry.yaml without-calendar/calendar/holidays.csv

cat >vendor.dmn <<'DMN'
<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" xmlns:v="urn:vendor" name="Vendor" namespace="urn:v">
  <inputData id="i" name="I"><variable name="I" typeRef="number"/></inputData>
  <decision id="d" name="D" v:colour="red">
    <variable name="D"/>
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <literalExpression><text>I + 1</text></literalExpression>
  </decision>
</definitions>
DMN

cp "$LIUDONG_SOURCE"/docs/examples/allocation/* .
sed '/^  reveal:/d' public-rental.yaml >closed.yaml
sed 's/places: 8/places: -8/' public-rental.yaml >negative.yaml
sed 's/secret: ./secret: f/' public-rental.yaml >other-secret.yaml
sed '5s/二小/四小/' school-applicants.csv >no-school.csv
sed 's/school-applicants/no-school/' school-seats.yaml >no-school.yaml
liudong allocate jury-prizes.yaml --output draw.jsonl >draw.json
sed '/"placed":"J8"/s/"unit":null,"slots":null/"unit":"三等奖","slots":0/' draw.jsonl >draw.bad
