package journal

// Spanish is the name of a kind of event, for people who read files and mails.
func (k Kind) Spanish() string {
	switch k {
	case Overspeed:
		return "Exceso de velocidad"
	case FenceEnter:
		return "Entrada a zona"
	case FenceExit:
		return "Salida de zona"
	case OutsideDistrict:
		return "Fuera del distrito"
	case PowerCut:
		return "Corte de energía"
	case LowBattery:
		return "Batería baja"
	case Silence:
		return "Sin señal"
	case DeviceAlarm:
		return "Alarma del equipo"
	}
	return string(k)
}
