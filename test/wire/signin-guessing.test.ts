import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { account, stsServer } from './sts-house.ts'

const strong = 'Correct-horse-battery-7'

describe('guessing passwords', async () => {
  const { omen, iam, close } = await stsServer()
  after(close)

  const signIn = async (userName: string, password: string, of: string = account) =>
    fetch(`${omen.endpoint}/signin/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account: of, userName, password }),
    })
  async function consoleUser(UserName: string, Password: string) {
    await iam.createUser({ UserName })
    await iam.createLoginProfile({ UserName, Password })
  }

  test('nobody guesses many at once, nor by writing the account in other ways (SGN-20)', async () => {
    await consoleUser('sven', strong)
    const counted = (answers: readonly { readonly status: number }[], status: number) =>
      answers.filter((each) => each.status === status).length
    const guesses = Array.from({ length: 20 }, (_, i) => signIn('sven', `wrong ${i}`))
    const answers = await Promise.all(guesses)
    assert.deepEqual([counted(answers, 401), counted(answers, 429)], [5, 15])
    const spelled = account.replace(/(....)(....)(....)/, '$1-$2-$3')
    assert.equal((await signIn('sven', strong, spelled)).status, 429)
    omen.clock.advance(300_000)
    // who knows the password waits for a turn, but is let in
    const known = await Promise.all(Array.from({ length: 12 }, () => signIn('sven', strong)))
    assert.equal(counted(known, 200), 12)
    assert.equal((await signIn('sven', strong)).status, 200)
    omen.clock.advance(-300_000)
  })

  test('names that are too long for anybody are not remembered one by one (SGN-20)', async () => {
    for (let i = 0; i < 5; i++) assert.equal((await signIn(`${'x'.repeat(64)}${i}`, strong)).status, 401)
    assert.equal((await signIn(`${'x'.repeat(64)}5`, strong)).status, 429)
    for (let i = 0; i < 5; i++) assert.equal((await signIn('y', strong, `${'y'.repeat(64)}${i}`)).status, 401)
    assert.equal((await signIn('y', strong, `${'y'.repeat(64)}5`)).status, 429)
  })

  test('a password that was changed while it was tried does not count (SGN-21)', async (t) => {
    await consoleUser('tove', strong)
    const { directory } = omen.omen.deps
    const find = directory.find.bind(directory)
    let looks = 0
    const mocked = t.mock.method(directory, 'find', async (id: typeof account) => {
      // the account is looked at before the password is tried, and after
      if (++looks === 2) await iam.updateLoginProfile({ UserName: 'tove', Password: `${strong}2` })
      return find(id)
    })
    assert.equal((await signIn('tove', strong)).status, 401)
    assert.equal(looks, 2)
    mocked.mock.restore()
    assert.equal((await signIn('tove', `${strong}2`)).status, 200)
  })
})
