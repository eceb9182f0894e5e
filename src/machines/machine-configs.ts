import { orderMachine } from './order-machine.ts'
import { paymentMachine } from './payment-machine.ts'

/** The statecharts as they are written, by the kind of the actors they run. How long their delays are is no part of them. */
export const machineConfigs = { order: orderMachine.config, payment: paymentMachine.config }
