import { seedShape } from '../seed/index.ts'
import { either, list, map, object, oneOf, type Shape, text } from '../shape/index.ts'
import { chapters } from '../views/index.ts'
import { checkShape } from './form/index.ts'

const anything: Shape = { type: 'anything' }
const number: Shape = { type: 'number' }
const words = object(
  { en: text('English.'), ja: text('Japanese.') },
  ['en', 'ja'],
  'A text in both languages.',
)
const checks = list(checkShape)
const changes = map(
  either([text(), list(either([text(), anything])), anything]),
  'Changes by the name of what changes: user/NAME, role/NAME trust, policy/NAME, user/NAME boundary, scp/NAME, resource/ARN.',
)
const attempt = {
  set: changes,
  session: { type: 'anything', description: 'The session policy of the role in `lends`.' } as const,
  calls: checks,
  answer: text(),
}
const prediction = {
  ask: words,
  options: list(words, 'Three to five.'),
  right: { type: 'number', description: 'The place of the right option, from 1.' } as const,
  shows: checks,
}

/** The shape of a lesson's file. */
export const lessonShape: Shape = object(
  {
    $schema: text('The JSON Schema that an editor checks this file with.'),
    id: text('A name that stays: progress refers to it.', /^[a-z0-9][a-z0-9-]{0,63}$/),
    chapter: oneOf(chapters),
    minutes: number,
    proof: { type: 'flag', description: 'Whether its task proves the chapter.' },
    title: words,
    belief: words,
    world: seedShape,
    before: checks,
    you: text('Whose keys the learner has: user/NAME, or admin.'),
    predict: object(prediction, ['ask', 'options', 'right', 'shows']),
    task: words,
    edits: list(text(), 'What is laid out as files, by the names of changes.'),
    lends: text('The role whose session policy the learner writes.'),
    asks: object({ trail: text(), where: map(text()), fields: list(text()) }, ['trail', 'fields']),
    checks,
    tells: checks,
    mistakes: list(
      object(
        {
          ...attempt,
          fails: list(number, 'The checks that it fails, from 1.'),
          tells: list(number, 'The tells that hold then, from 1.'),
          say: words,
        },
        ['fails', 'say'],
      ),
    ),
    solution: object(attempt),
    others: list(object(attempt)),
    commands: list(text()),
    remember: words,
    facts: list(text('A behaviour of docs/behaviour, or a name of your own rules.')),
    again: list(
      object({ ...prediction, world: seedShape, set: changes, after: checks }, [
        'ask',
        'options',
        'right',
        'shows',
        'world',
      ]),
    ),
  },
  [
    'id',
    'chapter',
    'minutes',
    'title',
    'belief',
    'world',
    'you',
    'predict',
    'task',
    'checks',
    'mistakes',
    'solution',
    'remember',
    'facts',
    'again',
  ],
)
