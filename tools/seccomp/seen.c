// SPDX-License-Identifier: GPL-2.0
/*
 * Which records were read already.
 */
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "seen.h"

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value;
	hash *= 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 29;
}

static size_t place_of(const struct seen_key *key, size_t room)
{
	uint64_t low = (uint64_t)key->words[1] << 32 | key->words[0];
	uint64_t high = (uint64_t)key->words[3] << 32 | key->words[2];

	return mix(mix(0, low), high) & (room - 1);
}

static bool is_empty(const struct seen_key *key)
{
	return !key->words[0] && !key->words[1] && !key->words[2] &&
		!key->words[3];
}

/* The entry of the key, or the empty one for it */
static struct seen_key *find(struct seen_key *keys, size_t room,
			     const struct seen_key *key)
{
	size_t at = place_of(key, room);

	while (!is_empty(&keys[at]) && memcmp(&keys[at], key, sizeof(*key)))
		at = (at + 1) & (room - 1);
	return &keys[at];
}

static void grow(struct seen *seen)
{
	size_t room = seen->room ? 2 * seen->room : 4096;
	struct seen_key *keys = xcalloc(room, sizeof(*keys));

	for (size_t i = 0; i < seen->room; i++)
		if (!is_empty(&seen->keys[i]))
			*find(keys, room, &seen->keys[i]) = seen->keys[i];
	free(seen->keys);
	seen->keys = keys;
	seen->room = room;
}

static size_t node_index(struct seen *seen, const char *node)
{
	if (!node)
		return 0;
	for (size_t i = 0; i < seen->nr_nodes; i++)
		if (!strcmp(seen->nodes[i], node))
			return i + 1;
	seen->nodes = xreallocarray(seen->nodes, seen->nr_nodes + 1,
				    sizeof(*seen->nodes));
	seen->nodes[seen->nr_nodes++] = xstrdup(node);
	return seen->nr_nodes;
}

static bool add_key(struct seen *seen, const struct record *record)
{
	const struct event *event = &record->event;
	uint64_t seconds = event->time_ms / 1000;
	struct seen_key key = { {
		event->serial,
		seconds,
		/* the part of a second is 10 bits */
		(event->time_ms % 1000) << 22 | event->life.part,
		/* never 0 */
		(node_index(seen, record->node) + 1) << 8 |
			(record->type == RECORD_SECCOMP),
	} };
	struct seen_key *found;

	if (4 * (seen->nr + 1) > 3 * seen->room)
		grow(seen);
	found = find(seen->keys, seen->room, &key);
	if (!is_empty(found))
		return true;
	*found = key;
	seen->nr++;
	return false;
}

static uint64_t hash_event(const struct event *event)
{
	uint64_t hash = mix(event->kind, event->filter);

	hash = mix(hash, (uint64_t)event->pid << 32 | (uint32_t)event->call.nr);
	hash = mix(hash, (uint64_t)event->audit_arch << 32 | event->action);
	hash = mix(hash, event->ip);
	hash = mix(hash, event->seq);
	hash = mix(hash, event->data);
	hash = mix(hash, event->life.part);
	for (int i = 0; i < EVENT_ARGS; i++)
		hash = mix(hash, event->args[i]);
	return hash | 1;
}

/*
 * The journal's text has audit's own records without time and serial, and the
 * same by the kernel with them: one of each is one record.
 */
static bool is_other_half(struct seen *seen, const struct record *record)
{
	uint64_t hash = hash_event(&record->event);
	int step = record->stamped ? -1 : 1;
	struct seen_text *text;

	if (!seen->texts) {
		if (record->stamped && record->form != FORM_PRINTK)
			return false;
		seen->texts = xcalloc(SEEN_TEXTS, sizeof(*seen->texts));
	}
	text = &seen->texts[hash % SEEN_TEXTS];
	if (text->hash != hash)
		*text = (struct seen_text){ .hash = hash };
	text->balance += step;
	return step > 0 ? text->balance <= 0 : text->balance >= 0;
}

bool seen_before(struct seen *seen, const struct record *record)
{
	bool repeated = false;

	if (record->stamped)
		repeated = add_key(seen, record);
	if (!repeated && (record->form == FORM_PRINTK ||
			  (record->form == FORM_JOURNAL && !record->stamped)))
		repeated = is_other_half(seen, record);
	return repeated;
}

void seen_free(struct seen *seen)
{
	for (size_t i = 0; i < seen->nr_nodes; i++)
		free(seen->nodes[i]);
	free(seen->nodes);
	free(seen->keys);
	free(seen->texts);
	*seen = (struct seen){};
}
