import Box from '@cloudscape-design/components/box'
import FileUpload from '@cloudscape-design/components/file-upload'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listRoles } from '../client/iam.ts'
import type { InstanceProfile } from '../client/profiles.ts'
import {
  createFunction,
  invokeFunction,
  launchInstance,
  sampleHandler,
  setFunctionRole,
  setInstanceProfile,
  type Workload,
} from '../client/workloads.ts'
import { useText } from '../text/language.ts'
import { workloadsText } from '../text/workloads.ts'
import { Dialog } from './dialog.tsx'
import { useMessages } from './messages.tsx'

interface ChangeProps {
  readonly profiles: readonly InstanceProfile[]
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

/** Launches an instance with an instance profile. */
export function Launch({ profiles, onClose, onDone }: ChangeProps) {
  const t = useText(workloadsText)
  const { say } = useMessages()
  const [profile, setProfile] = useState('')
  const [name, setName] = useState('')
  return (
    <Dialog
      visible
      title={t.launch}
      submit={t.launch}
      onClose={onClose}
      onSubmit={async () => {
        await launchInstance(profile, name)
        await onDone()
        say('success', t.launched)
      }}
    >
      <FormField label={t.nameTag}>
        <Input value={name} placeholder={t.optional} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <ProfileChoice profiles={profiles} value={profile} onChange={setProfile} hint={t.launchHint} />
    </Dialog>
  )
}

/** Gives a machine another role. */
export function Change({
  workload,
  profiles,
  onClose,
  onDone,
}: ChangeProps & { readonly workload: Workload }) {
  const t = useText(workloadsText)
  const { say } = useMessages()
  const before =
    workload.kind === 'function'
      ? (workload.role ?? '')
      : (workload.profile?.slice(workload.profile.lastIndexOf('/') + 1) ?? '')
  const [chosen, setChosen] = useState(before)
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal) })
  return (
    <Dialog
      visible
      title={t.change}
      submit={t.change}
      disabled={chosen === before}
      onClose={onClose}
      onSubmit={async () => {
        if (workload.kind === 'instance') await setInstanceProfile(workload, chosen)
        else {
          const arn = roles.data?.find(({ name }) => name === chosen)?.arn ?? chosen
          await setFunctionRole(workload.id, arn)
        }
        await onDone()
        say('success', t.changed)
      }}
    >
      {workload.kind === 'instance' ? (
        <ProfileChoice profiles={profiles} value={chosen} onChange={setChosen} hint="" />
      ) : (
        <RoleChoice value={chosen} onChange={setChosen} />
      )}
    </Dialog>
  )
}

function ProfileChoice(props: {
  readonly profiles: readonly InstanceProfile[]
  readonly value: string
  readonly onChange: (name: string) => void
  readonly hint: string
}) {
  const t = useText(workloadsText)
  const options = [
    { value: '', label: t.noProfile, description: '' },
    ...props.profiles.map(({ name, role }) => ({
      value: name,
      label: name,
      description: role?.name ?? t.noRole,
    })),
  ]
  return (
    <FormField label={t.profile} description={props.hint}>
      <Select
        options={options}
        selectedOption={options.find(({ value }) => value === props.value) ?? { value: props.value }}
        onChange={({ detail }) => props.onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  )
}

/** The roles of the account: first those that Lambda may wear. */
function RoleChoice(props: { readonly value: string; readonly onChange: (name: string) => void }) {
  const t = useText(workloadsText)
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal) })
  const isTrusting = (trust: string) => trust.includes('lambda.amazonaws.com')
  const optionsOf = (trusting: boolean) =>
    (roles.data ?? [])
      .filter(({ trust }) => isTrusting(trust) === trusting)
      .map(({ name }) => ({ value: name, label: name }))
  const groups = [
    { label: t.trusting, options: optionsOf(true) },
    { label: t.others, options: optionsOf(false) },
  ]
  return (
    <FormField label={t.role} description={t.roleHint}>
      <Select
        options={groups.filter(({ options }) => options.length > 0)}
        statusType={roles.isPending ? 'loading' : 'finished'}
        filteringType="auto"
        virtualScroll
        selectedOption={props.value === '' ? null : { value: props.value, label: props.value }}
        onChange={({ detail }) => props.onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  )
}

const runtimes = ['nodejs24.x', 'nodejs22.x', 'python3.13', 'python3.12'] as const

/** Creates a function. Its creator passes the role to Lambda. */
export function CreateFunction({ onClose, onDone }: Omit<ChangeProps, 'profiles'>) {
  const t = useText(workloadsText)
  const { say } = useMessages()
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal) })
  const [name, setName] = useState('')
  const [role, setRole] = useState('')
  const [runtime, setRuntime] = useState<string>(runtimes[0])
  const [handler, setHandler] = useState(sampleHandler)
  const [files, setFiles] = useState<File[]>([])
  const [code] = files
  const needsCode = !runtime.startsWith('nodejs') && code === undefined
  return (
    <Dialog
      visible
      title={t.createFunction}
      submit={t.createFunction}
      disabled={name === '' || role === '' || needsCode}
      onClose={onClose}
      onSubmit={async () => {
        const roleArn = roles.data?.find((each) => each.name === role)?.arn ?? role
        await createFunction({
          name,
          roleArn,
          runtime,
          handler: code === undefined ? sampleHandler : handler,
          ...(code === undefined ? {} : { code }),
        })
        await onDone()
        say('success', t.functionCreated)
      }}
    >
      <FormField label={t.functionName}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus spellcheck={false} />
      </FormField>
      <RoleChoice value={role} onChange={setRole} />
      <FormField label={t.runtime}>
        <Select
          options={runtimes.map((value) => ({ value }))}
          selectedOption={{ value: runtime }}
          onChange={({ detail }) => setRuntime(detail.selectedOption.value ?? runtimes[0])}
        />
      </FormField>
      <FormField label={t.code} description={t.codeHint} errorText={needsCode ? t.needsCode : ''}>
        <FileUpload
          value={files}
          onChange={({ detail }) => setFiles(detail.value)}
          accept=".zip,application/zip"
          i18nStrings={{
            uploadButtonText: () => t.chooseZip,
            dropzoneText: () => t.dropZip,
            removeFileAriaLabel: () => t.removeZip,
            limitShowFewer: '',
            limitShowMore: '',
            errorIconAriaLabel: t.removeZip,
          }}
        />
      </FormField>
      {code !== undefined && (
        <FormField label={t.handler}>
          <Input value={handler} onChange={({ detail }) => setHandler(detail.value)} spellcheck={false} />
        </FormField>
      )}
    </Dialog>
  )
}

/** Runs a function, which wears its role meanwhile, and shows what it returns. */
export function Invoke({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const t = useText(workloadsText)
  const [answer, setAnswer] = useState<string>()
  return (
    <Dialog
      visible
      title={t.invokeTitle(name)}
      submit={t.invoke}
      onClose={() => {}}
      onDismiss={onClose}
      onSubmit={async () => setAnswer(JSON.stringify(await invokeFunction(name), null, 2))}
    >
      <span>{t.invokeHint}</span>
      {answer !== undefined && (
        <div role="status">
          <Box variant="awsui-key-label">{t.answer}</Box>
          <pre className="as-json" lang="en">
            {answer}
          </pre>
        </div>
      )}
    </Dialog>
  )
}
