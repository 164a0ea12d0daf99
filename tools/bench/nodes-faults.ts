import { setTimeout as sleep } from 'node:timers/promises'
import { promote, startStandby } from '../../test/support/index.ts'
import { ask, signedRequest } from './house.ts'
import { createRoles } from './nodes-calls.ts'
import { line, median, quantile, type Subject, settings, startDatabase, startSubject } from './nodes-house.ts'
import { trustAccount } from './wire.ts'

const entities = 10_000
const changes = 200

/** A change by one node in a large account: how much longer the other's next answer takes that shows it. */
export async function foreignChange(): Promise<void> {
  await using postgres = await startDatabase()
  const servers = [
    await startSubject(postgres.url()),
    await startSubject(postgres.url(), '--metrics-port', '0'),
  ]
  const [one, other] = servers as [Subject, Subject] // there are two
  try {
    let made = 0
    await ask(
      one.port,
      iam(one, 'CreateRole', { RoleName: 'changed', AssumeRolePolicyDocument: trustAccount }, 0),
    )
    while (made < entities) made += (await createRoles(one)).answers
    const read = (variant: number) => ask(other.port, iam(other, 'GetRole', { RoleName: 'changed' }, variant))
    for (let i = 0; i < 200; i++) await read(i)
    const usual: number[] = []
    const first: number[] = []
    for (let i = 0; i < changes; i++) {
      const description = `the description with the number ${i}`
      usual.push(await clocked(() => read(i)))
      await ask(one.port, iam(one, 'UpdateRole', { RoleName: 'changed', Description: description }, i))
      let answer = ''
      first.push(
        await clocked(async () => {
          answer = await read(i)
        }),
      )
      if (!answer.includes(description)) throw new Error('the other node answers with what was before')
    }
    const more = first.map((each, index) => each - usual[index]!)
    line(
      `a change by another node, ${made.toLocaleString('en')} roles`,
      `binds with the next answer, ${median(more).toFixed(2)} ms later than usual (${median(first).toFixed(2)} instead of ${median(usual).toFixed(2)} ms; p90 ${quantile(more, 0.9).toFixed(2)}); wanted: 2 ms`,
    )
  } finally {
    for (const server of servers) await server.end()
  }
}

/** From the promotion of a synchronous standby to the first answer of a node. */
export async function promotion(): Promise<void> {
  await using primary = await startDatabase()
  await using standby = await startStandby(primary, settings)
  primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
  primary.sql('SELECT pg_reload_conf()')
  const server = await startSubject(`postgres://postgres@/postgres?host=${primary.socket},${standby.socket}`)
  try {
    await primary.stop('kill')
    promote(standby)
    const promoted = performance.now()
    for (let tries = 0; ; tries++) {
      const request = iam(
        server,
        'CreateRole',
        { RoleName: `role-${tries}`, AssumeRolePolicyDocument: trustAccount },
        tries,
      )
      const isAnswered = await ask(server.port, request).then(
        () => true,
        () => false,
      )
      if (isAnswered) break
      await sleep(20)
    }
    line(
      'first answer after a promotion',
      `${((performance.now() - promoted) / 1_000).toFixed(1)} s (wanted: 5 s)`,
    )
  } finally {
    await server.end()
  }
}

async function clocked(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function iam(
  server: Subject,
  action: string,
  parameters: Readonly<Record<string, string>>,
  variant: number,
): Buffer {
  const form = { Action: action, Version: '2010-05-08', ...parameters }
  return signedRequest(server.port, server.keys.admin, 'iam', form, variant)
}
