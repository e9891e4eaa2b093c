import { describe, expect, it } from 'vitest'
import { emulatorSettings, forgetAws } from '../../local/emulator.ts'

describe('10.1 the local cloud', () => {
  it('keeps nothing of the AWS account that the shell talks to', () => {
    const environment = {
      AWS_PROFILE: 'work',
      AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:1',
      AWS_SESSION_TOKEN: 'x',
      PATH: '/bin',
    }
    forgetAws(environment)
    expect(environment).toEqual({ PATH: '/bin' })
  })

  it('has the emulator listen on this machine alone: it binds MQTT to every address unless MQTT is off', () => {
    expect(emulatorSettings(4566)).toMatchObject({ BIND_HOST: '127.0.0.1', IOT_MTLS_ENABLED: '0' })
  })
})
