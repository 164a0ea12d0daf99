import assert from 'node:assert/strict'
import { test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  derivedComers,
  derivedOf,
  derivedPowerNames,
  derivedPowers,
  graphOf,
  readInventory,
  readWorld,
  undecidedIn,
} from '../../packages/server/src/graph/index.ts'
import {
  account,
  administratorAccess,
  allow,
  detailsOf,
  graphOfFile,
  roleArn,
  userArn,
} from './account-file.ts'

const graph = graphOfFile({
  users: {
    dev: { statements: [allow(['iam:PassRole', 'ssm:CreateActivation'])] },
    ops: { statements: [allow('iam:PutUserPolicy', userArn('ops'))] },
    none: { statements: [allow('s3:GetObject')] },
  },
  roles: { adm: { trust: { Service: 'ssm.amazonaws.com' }, attached: [administratorAccess] } },
})
const dev = graph.find('dev')!
const steps = 100_000

test('who reaches an administrator by derived techniques alone is named (GRD-569)', () => {
  assert.equal(graph.paths(dev).verdict, 'none')
  const verdicts = (names: readonly string[], derived = false) =>
    derivedOf(
      graph,
      names.map((name) => graph.find(name)!),
      undefined,
      { steps, derived },
    ).map(({ from, verdict }) => [from, verdict])
  assert.deepEqual(verdicts(['dev', 'none']), [[userArn('dev'), 'proven']])
  assert.deepEqual(verdicts(['dev'], true), [])
})

test('who is only undecided by derived techniques is named, unless it is undecided without them (GRD-569)', () => {
  const file = {
    users: {
      dev: { statements: [allow('airflow:CreateWebLoginToken')] },
      ops: { statements: [allow(['airflow:CreateWebLoginToken', 'lambda:UpdateFunctionCode'])] },
    },
    roles: { adm: { trust: { Service: 'airflow-env.amazonaws.com' }, attached: [administratorAccess] } },
  }
  const ofWorkloads = (type: string, end: string) => ({ type, arn: `arn:aws:${end}`, role: roleArn('adm') })
  const inventory = readInventory({
    resources: [
      ofWorkloads('AWS::MWAA::Environment', `airflow:eu-west-1:${account}:environment/dags`),
      ofWorkloads('AWS::Lambda::Function', `lambda:eu-west-1:${account}:function:pay`),
    ],
  })
  const unsure = graphOf(readWorld({ details: detailsOf(file), inventory }), techniqueTable())
  const principals = ['dev', 'ops'].map((name) => unsure.find(name)!)
  const undecided = undecidedIn(principals.map((principal) => unsure.paths(principal)))
  assert.deepEqual([...undecided], [userArn('ops')])
  const named = derivedOf(unsure, principals, undefined, { steps, undecided })
  assert.deepEqual(
    named.map(({ from, verdict }) => [from, verdict]),
    [[userArn('dev'), 'undecided']],
  )
  const comers = derivedComers(unsure, undefined, { steps, undecided }, new Set())
  assert.deepEqual(
    comers.map(({ from }) => from),
    [userArn('dev')],
  )
})

test('a list is followed by those who are on it with derived techniques alone (GRD-569)', () => {
  const listed = new Set(graph.comers(undefined).map(({ from }) => from))
  assert.ok(listed.has(userArn('ops')) && !listed.has(userArn('dev')))
  const others = derivedComers(graph, undefined, { steps }, listed).map(({ from }) => from)
  assert.deepEqual(others, [userArn('dev')])
})

test('who comes to make a call by derived techniques alone is named (GRD-569)', () => {
  const call = { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::pay' }
  const listed = new Set(graph.powers(call.action, call.resource).map(({ principal }) => principal.arn))
  assert.ok(!listed.has(userArn('dev')))
  const names = derivedPowerNames(derivedPowers(graph, call, { steps }, listed))
  assert.deepEqual(names, ['user/dev (proven: PassRole to ssm)'])
  assert.deepEqual(derivedPowers(graph, call, { steps, derived: true }, listed), [])
})

test('who is an administrator already, or comes there without derived techniques, is not named (GRD-569)', () => {
  const others = derivedComers(graph, undefined, { steps }, new Set()).map(({ from }) => from)
  assert.deepEqual(others, [userArn('dev')])
})
