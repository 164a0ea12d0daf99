import { describe, it } from 'node:test'
import type { Iam, Lambda, Sts } from '../model/index.ts'
import { family, prepared, type Served } from './index.ts'

// Code that must not compile is under @ts-expect-error: the compiler complains if it does compile.

describe('a family of operations', () => {
  it('has operations of its API alone', () => {
    family<Iam.Operations>()({
      // @ts-expect-error there is no such operation
      GetUsr: { run: () => ({}) },
    })
  })

  it('returns fields of the model alone, at any depth', () => {
    const User = { UserName: 'u', UserId: 'i', Arn: 'a', Path: '/', CreateDate: 0 }
    family<Iam.Operations>()({
      GetUser: { run: () => ({ User }) },
      // @ts-expect-error IsTruncate, which is optional in the model
      ListUsers: { run: () => ({ Users: [User], IsTruncate: false }) },
    })
    family<Iam.Operations>()({
      // @ts-expect-error Usr
      CreateUser: { run: () => ({ Usr: User }) },
    })
    family<Iam.Operations>()({
      // @ts-expect-error Tagz of the user
      GetUser: { run: () => ({ User: { ...User, Tagz: [] } }) },
      // @ts-expect-error Arm of one of the users
      ListUsers: { run: () => ({ Users: [{ ...User, Arm: 'a' }] }) },
      // @ts-expect-error only under a condition
      CreateUser: { run: (input) => ({ User: { ...User, ...(input.Path && { Pth: input.Path }) } }) },
    })
    family<Lambda.Operations>()({
      // @ts-expect-error Statuscode
      Invoke: { act: async () => ({ StatusCode: 200, Statuscode: 200 }) },
    })
  })

  it('returns all that the model requires', () => {
    family<Iam.Operations>()({
      // @ts-expect-error Users is required
      ListUsers: { run: () => ({}) },
    })
  })

  it('gives run what prepare resolved to', () => {
    family<Iam.Operations>()({
      ChangePassword: prepared({
        prepare: async () => ({ hash: 'h' }),
        run(_input, _call, made) {
          made.hash satisfies string
          // @ts-expect-error no such thing was prepared
          made.salt
        },
      }),
    })
  })

  it('either runs or acts', () => {
    family<Lambda.Operations>()({
      // @ts-expect-error both
      Invoke: { act: async () => ({}), run: () => ({}) },
    })
  })

  it('is served or pending, and not both', () => {
    type Pending = Exclude<keyof Sts.Operations, 'GetCallerIdentity' | 'GetSessionToken'>
    const identity = family<Sts.Operations>()({ GetCallerIdentity: { run: () => ({}) } })
    const session = family<Sts.Operations>()({ GetSessionToken: { run: () => ({}) } })
    const role = family<Sts.Operations>()({ AssumeRole: { run: () => ({}) } })
    ;({ ...identity, ...session }) satisfies Served<Sts.Operations, Pending>
    // @ts-expect-error GetSessionToken is neither
    ;({ ...identity }) satisfies Served<Sts.Operations, Pending>
    // @ts-expect-error AssumeRole is both
    ;({ ...identity, ...session, ...role }) satisfies Served<Sts.Operations, Pending>
  })
})
