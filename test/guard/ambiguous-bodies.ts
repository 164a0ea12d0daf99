import { gzipSync } from 'node:zlib'
import { account, type Sent } from './house.ts'

/** The media type of a form, and a call in it. */
export const form = 'application/x-www-form-urlencoded'
const json = 'application/x-amz-json-1.0'
export const list = 'Action=ListTopics&Version=2010-03-31'
const multipart = [
  '--b',
  'Content-Disposition: form-data; name="Action"',
  '',
  'CreateTopic',
  '--b--',
  '',
].join('\r\n')

/** A call of Glue. */
export const glue = { 'x-amz-target': 'AWSGlue.GetJob', 'content-type': 'application/x-amz-json-1.1' }

/** Forms that a reader could take for another call. */
export const forms: Readonly<Record<string, Sent>> = {
  'an Action in the query string, another in a form of another spelling': {
    path: `/?${list}`,
    headers: { 'content-type': 'Application/X-WWW-Form-Urlencoded' },
    body: 'Action=CreateTopic&Name=x',
  },
  'an Action in the query string, another in a multipart form': {
    path: `/?${list}`,
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: multipart,
  },
  'an Action in the query string, another in a body of no type': {
    path: `/?${list}`,
    body: 'Action=CreateTopic',
  },
  'two media types': {
    headers: { 'content-type': `${form}, ${json}` },
    body: list,
  },
  'an Action twice': { headers: { 'content-type': form }, body: `${list}&Action=CreateTopic` },
  'an Action twice, once encoded': {
    headers: { 'content-type': form },
    body: `${list}&%41ction=CreateTopic`,
  },
  'parameters with a semicolon between': {
    headers: { 'content-type': form },
    body: `Action=Publish&Version=2010-03-31&Message=m;Action=CreateTopic&TopicArn=arn:aws:sns:us-east-1:${account}:t`,
  },
  'a member in another case': {
    headers: { 'content-type': form },
    body: `Action=Publish&Version=2010-03-31&Message=m&TopicArn=arn:aws:sns:us-east-1:${account}:t&topicArn=arn:aws:sns:us-east-1:${account}:u`,
  },
  'a form in another encoding': {
    headers: { 'content-type': `${form}; charset=utf-16` },
    body: list,
  },
  'a path': { path: '/open/key', headers: { 'content-type': form }, body: list },
}

/** JSON bodies that a reader could take for another call. */
export const jsons: Readonly<Record<string, Sent>> = {
  'a target at a path': { path: '/open/key', headers: glue, body: '{"JobName":"a"}' },
  'a target and an Action': { path: '/?Action=ListTopics', headers: glue, body: '{"JobName":"a"}' },
  'a target and a form': { headers: { ...glue, 'content-type': form }, body: '{"JobName":"a"}' },
  'a target and a multipart form': {
    headers: { ...glue, 'content-type': 'multipart/form-data; boundary=b' },
    body: multipart,
  },
  'two targets': { headers: { ...glue, 'x-amz-target': 'AWSGlue.GetJob,AWSGlue.DeleteJob' }, body: '{}' },
  'a member twice': { headers: glue, body: '{"JobName":"a","JobName":"b"}' },
  'a member twice, once escaped': { headers: glue, body: '{"JobName":"a","Job\\u004eame":"b"}' },
  'a member in another case': { headers: glue, body: '{"JobName":"a","jobname":"b"}' },
  'JSON and CBOR': { headers: { ...glue, 'smithy-protocol': 'rpc-v2-cbor' }, body: '{}' },
  'two bodies in one, compressed': {
    headers: { ...glue, 'content-encoding': 'gzip' },
    body: Buffer.concat([gzipSync('{"JobName":"a"}'), gzipSync('{"JobName":"b"}')]),
  },
  'an encoding that nobody knows': { headers: { ...glue, 'content-encoding': 'GZIP' }, body: '{}' },
  'another alphabet': { headers: glue, body: Buffer.from('{"JobName":"a"}', 'utf16le') },
}
