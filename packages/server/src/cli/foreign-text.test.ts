import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foreignText } from './text-file.ts'

test('TPL-191 what Terraform reads, and what it prints for people, is named with what to give instead', () => {
  for (const [text, form] of [
    ['# roles\n\nresource "aws_iam_role" "app" {\n', 'it is a configuration of Terraform'],
    ['locals {\n  name = "x"\n}\n', 'it is a configuration of Terraform'],
    [
      '{"//":{"metadata":{}},"terraform":{},"resource":{}}',
      'it is a configuration of Terraform in JSON, as CDKTF writes it',
    ],
    [
      '\nTerraform will perform the following actions:\n\n  # aws_iam_role.app will be created\n',
      'it is the text of a plan for people',
    ],
  ] as const)
    assert.equal(foreignText(text), `${form}: give the output of terraform show -json of its plan`)
  assert.match(
    foreignText('{"version": 3, "modules": []}') ?? '',
    /^it is a state of Terraform 0\.11 or older: /,
  )
  for (const text of [
    '{"format_version":"1.2","planned_values":{}}',
    '{"version": 4, "terraform_version": "1.9.0", "resources": []}',
    '{"UserDetailList": []}',
    'Resources:\n  App:\n    Type: AWS::IAM::Role\n',
    'module: {}\n',
  ])
    assert.equal(foreignText(text), undefined, text)
})
