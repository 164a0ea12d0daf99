import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { editSections, type Section, shownChange } from '../../packages/server/src/cli/index.ts'

const mark = '# written by omen configure of ~/.omen'
const admin: Section = { name: 'profile omen-admin', settings: [['region', 'us-east-1']] }

const foreign = fc
  .array(
    fc.record({
      name: fc.constantFrom(
        'default',
        'profile work',
        'profile omen',
        'sso-session a',
        'services s',
        'plugins',
      ),
      body: fc.array(
        fc.constantFrom(
          'region = eu-west-1',
          '# a comment',
          '',
          '; another',
          's3 =',
          '  max_queue_size = 1',
          'x=[y]',
        ),
        { maxLength: 6 },
      ),
    }),
    { maxLength: 5 },
  )
  .map((sections) => sections.flatMap(({ name, body }) => [`[${name}]`, ...body]).join('\n'))

const section = fc.record({
  name: fc.constantFrom('profile omen-admin', 'profile omen-root', 'profile omen-a'),
  settings: fc.array(fc.tuple(fc.constantFrom('region', 'role_arn'), fc.constantFrom('a', 'b')), {
    minLength: 1,
    maxLength: 3,
  }),
})
const sections = fc.uniqueArray(section, { selector: ({ name }) => name, maxLength: 3 })

/** The lines that say something. */
function said(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '')
}

describe('sections of an AWS file', () => {
  test('come, change and go, and what is foreign stays', () => {
    fc.assert(
      fc.property(foreign, sections, sections, (text, first, second) => {
        const written = editSections(text, mark, first)
        assert.deepEqual(said(written.text).slice(0, said(text).length), said(text))
        assert.deepEqual(editSections(written.text, mark, first).changes, [])
        const changed = editSections(written.text, mark, second)
        const direct = editSections(text, mark, second)
        assert.deepEqual(said(changed.text).toSorted(), said(direct.text).toSorted())
        assert.deepEqual(said(editSections(changed.text, mark, []).text), said(text))
      }),
    )
  })

  test('keep line ends, and comments before the next section', () => {
    const text = `[default]\r\nregion = eu-west-1\r\n\r\n[profile omen-admin]\r\n${mark}\r\nregion = x\r\n\r\n# mine\r\n[profile mine]\r\na = b\r\n`
    const { text: after, changes } = editSections(text, mark, [admin])
    assert.equal(after, text.replace('region = x', 'region = us-east-1'))
    assert.equal(
      shownChange(changes[0]!),
      ` [profile omen-admin]\n ${mark}\n-region = x\n+region = us-east-1\n`,
    )
  })

  test('with a name that another owner has are refused', () => {
    assert.throws(() => editSections('[profile  "omen-admin"]\nregion = x\n', mark, [admin]), {
      message: '[profile omen-admin] is there already and belongs to another server: choose another --prefix',
    })
    const ofOther = editSections('', '# written by omen configure of elsewhere', [admin]).text
    assert.throws(() => editSections(ofOther, mark, [admin]), /choose another --prefix/)
  })

  test('take no value that is more than one setting', () => {
    for (const value of ['a\nb = c', 'a\r', 'a b', 'a #b', '', '\u2028', 'a\u009b'])
      assert.throws(
        () => editSections('', mark, [{ name: 'profile omen-a', settings: [['external_id', value]] }]),
        /external_id cannot be/,
      )
    assert.throws(
      () => editSections('', mark, [{ ...admin, name: 'profile a]\n[default' }]),
      /cannot be a line/,
    )
    assert.throws(() => editSections('', `${mark}\nregion = x`, [admin]), /cannot be a line/)
  })

  test('are shown without their secrets', () => {
    const keys = [
      ['aws_secret_access_key', 'hush'],
      ['aws_session_token', 'hush'],
    ] as const
    const { changes } = editSections('', mark, [{ name: 'omen-admin', settings: keys }])
    assert.equal(
      shownChange(changes[0]!),
      `+[omen-admin]\n+${mark}\n+aws_secret_access_key = ****\n+aws_session_token = ****\n`,
    )
  })
})
