/** Serves the console through API Gateway. */
import { configured, Settings } from '../../aws/configuration.ts'
import { consolePorts, consoleSettings } from '../../aws/console-ports.ts'
import { serveApp } from '../../aws/serve-app.ts'
import { consoleApp } from '../app.ts'
import { signedIn } from '../signed-in.ts'

export const Configuration = Settings.pick(consoleSettings)

export const handler = serveApp(
  configured(Configuration, (settings) => ({
    app: consoleApp({ ...consolePorts(settings), signedIn }),
    address: settings.consoleUrl,
  })),
)
