package review

// Keys of the indicators.
const (
	KeyKm           = "gps_km"
	KeyPatrol       = "patrol_minutes"
	KeyPriority     = "priority_minutes"
	KeyStops        = "tactical_stops_done"
	KeyStopsPlanned = "tactical_stops_planned"
	KeyStreets      = "street_coverage_pct"
	KeyStreetsDay   = "street_coverage_day_pct"
	KeyCells        = "cell_coverage_pct"
	KeyHot          = "hot_cells_served_pct"
	KeyAlone        = "complementarity_pct"
	KeyDouble       = "duplication_pct"
	KeyGap          = "max_gap_minutes"
	KeyAdherence    = "plan_adherence_pct"
	KeyUptime       = "gps_uptime_pct"
	KeyLate         = "late_fix_pct"
	KeyReady        = "units_operational_pct"
	KeyVehicleDay   = "km_per_vehicle_day"
	KeyVehicleWeek  = "km_per_vehicle_week"
	KeyIntegrated   = "integrated_hours"
	KeyPriorityDay  = "priority_minutes_per_vehicle_day"
	KeyPartes       = "occurrences_per_shift"
	KeyDispatch     = "dispatch_minutes"
	KeyResponse     = "response_minutes"
	KeyResponse90   = "response_p90_minutes"
	KeyFalse        = "false_alarm_pct"
)

// Formula says how an indicator is computed. Texts are Spanish: they stand on
// the page and in the papers as they are here.
type Formula struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Unit string `json:"unit"` // "%", "km", "min", ""
	Text string `json:"text"`
	Of   string `json:"of"` // what n counts
	// Lower tells that less is better; then bands do not apply.
	Lower bool `json:"lower"`
}

// formulas are all indicators, in the order in which they are shown. What stands
// in braces is a threshold of the profile.
var formulas = []Formula{
	{Key: KeyKm, Name: "Recorrido por GPS", Unit: "km", Of: "unidades por turno", Text: "Suma de las distancias entre posiciones GPS válidas de cada unidad en sus turnos. En un sector: el recorrido de cada unidad por la parte de su tiempo de patrulla que pasó en él."},
	{Key: KeyVehicleDay, Name: "Recorrido por vehículo y día", Unit: "km", Of: "vehículos por día", Text: "Kilómetros por GPS de autos y motos ÷ vehículos y días en que se los oyó. Un vehículo que sale en varios turnos de un día cuenta una vez."},
	{Key: KeyVehicleWeek, Name: "Recorrido semanal por vehículo", Unit: "km", Of: "vehículos", Text: "7 × kilómetros por GPS de autos y motos ÷ vehículos oídos en el período ÷ días en que se oyó alguno de la fuerza. Con menos de siete de esos días, sin datos."},
	{Key: KeyPatrol, Name: "Tiempo de patrulla", Unit: "min", Of: "unidades por turno", Text: "Suma de los minutos de cada unidad en las calles del distrito a velocidad de patrulla. El plan policial: patrullas × duración del servicio."},
	{Key: KeyIntegrated, Name: "Horas de patrullaje integrado", Unit: "h", Of: "unidades por turno", Text: "Horas de servicio con señal GPS de las unidades con personal policial a bordo. En un sector: por la parte de su tiempo de patrulla que pasaron en él."},
	{Key: KeyPriority, Name: "Tiempo en áreas priorizadas", Unit: "min", Of: "unidades por turno", Text: "Suma de los minutos de cada unidad dentro de las áreas priorizadas vigentes en su turno, según sus posiciones GPS; el tiempo en dos áreas a la vez cuenta una vez. Turnos sin áreas vigentes no cuentan."},
	{Key: KeyPriorityDay, Name: "Tiempo en áreas priorizadas por vehículo y día", Unit: "min", Of: "vehículos por día", Text: "Minutos de autos y motos dentro de las áreas priorizadas vigentes ÷ vehículos y días en que se los oyó en turnos con áreas vigentes."},
	{Key: KeyStops, Name: "Paradas tácticas cumplidas", Unit: "", Of: "paradas planificadas", Text: "Paradas planificadas en las que la unidad permaneció detenida, {stop_radius}, {stop_minutes}."},
	{Key: KeyStopsPlanned, Name: "Paradas tácticas planificadas", Unit: "", Of: "turnos con plan", Text: "Paradas que pide el plan aprobado o entregado de cada turno a las unidades que se oyeron."},
	{Key: KeyStreets, Name: "Cobertura de calles por turno", Unit: "%", Of: "turnos", Text: "Kilómetros de calle cubiertos ÷ kilómetros de calle del distrito, media de los turnos. Una calle está cubierta si se recorrió {share}, a velocidad de patrulla{speed} y con certeza{certain}. El plan policial: Σ probabilidad × longitud."},
	{Key: KeyStreetsDay, Name: "Cobertura de calles por día", Unit: "%", Of: "días", Text: "Kilómetros de calle cubiertos en al menos un turno del día ÷ kilómetros de calle del distrito, media de los días."},
	{Key: KeyCells, Name: "Cobertura de celdas por turno", Unit: "%", Of: "turnos × celdas", Text: "Celdas H3 de nivel 9 con presencia en el turno ÷ celdas con calles del distrito, en todos los turnos."},
	{Key: KeyHot, Name: "Zonas calientes atendidas", Unit: "%", Of: "turnos × zonas", Text: "Zonas con parada planificada que tuvieron {hot_minutes} min de presencia o más y ningún vacío de más de {hot_gap} min ÷ zonas con parada planificada."},
	{Key: KeyAlone, Name: "Complementariedad", Unit: "%", Of: "{slots} de celda con presencia municipal", Text: "Minutos de presencia municipal en celdas y {slots} sin policía ÷ minutos de presencia municipal donde se sabe si hubo policía. Sin GPS policial: Σ minutos × (1 − probabilidad según el plan policial)."},
	{Key: KeyDouble, Name: "Duplicidad", Unit: "%", Of: "{slots} de celda con presencia", Lower: true, Text: "Celdas y {slots} con serenazgo y policía a la vez ÷ celdas y {slots} con alguno de los dos en las que se sabe si hubo policía. El patrullaje integrado no cuenta como duplicidad. Sin GPS policial: la esperada según su plan."},
	{Key: KeyGap, Name: "Vacío más largo", Unit: "min", Of: "celdas", Lower: true, Text: "El mayor tiempo de turno seguido sin presencia en una celda. Las horas sin turno no cuentan; una unidad sin señal es desconocida."},
	{Key: KeyAdherence, Name: "Cumplimiento del plan", Unit: "%", Of: "rondas", Text: "Kilómetros de las calles de cada ronda que su unidad cubrió ÷ kilómetros de las calles de la ronda. En un sector: de las calles que están en él."},
	{Key: KeyUptime, Name: "GPS en línea", Unit: "%", Of: "unidades por turno", Text: "Tiempo de servicio con señal ÷ tiempo de servicio de las unidades que se oyeron en el turno."},
	{Key: KeyLate, Name: "Posiciones tardías", Unit: "%", Of: "posiciones", Lower: true, Text: "Posiciones recibidas más de {late} después de su hora ÷ posiciones recibidas."},
	{Key: KeyReady, Name: "Unidades operativas", Unit: "%", Of: "unidades por turno", Text: "Unidades registradas como operativas al empezar cada turno (ni en taller, ni sin combustible, ni dadas de baja) ÷ unidades registradas que trabajan en ese turno. Solo para todo el distrito."},
	{Key: KeyPartes, Name: "Ocurrencias por turno", Unit: "", Of: "turnos", Text: "Ocurrencias registradas en los turnos en que se oyó a una unidad municipal ÷ esos turnos. Sin ninguna ocurrencia registrada en el período, sin datos."},
	{Key: KeyDispatch, Name: "Tiempo hasta asignar, mediana", Unit: "min", Of: "ocurrencias", Lower: true, Text: "Mediana de los minutos entre el aviso y la asignación de una unidad, de las ocurrencias cuya fuente dice ambas horas."},
	{Key: KeyResponse, Name: "Tiempo de respuesta, mediana", Unit: "min", Of: "ocurrencias atendidas", Lower: true, Text: "Mediana (rango más cercano) de los minutos entre el aviso y la llegada. La llegada es la hora que dice la fuente; si no la dice, la primera posición GPS de una unidad municipal o integrada, desde el aviso, a {arrival} m o menos y hasta {arrival_minutes} min después. No cuentan denuncias, lo hallado por la patrulla, lo registrado más de {known} min después de ocurrir, lugares inexactos, ni ocurrencias a las que no llegó nadie."},
	{Key: KeyResponse90, Name: "Tiempo de respuesta, 90 de cada 100", Unit: "min", Of: "ocurrencias atendidas", Lower: true, Text: "Los minutos de respuesta que el 90 % de las ocurrencias atendidas no supera; se miden como su mediana."},
	{Key: KeyFalse, Name: "Falsas alarmas", Unit: "%", Of: "ocurrencias con resultado", Lower: true, Text: "Ocurrencias cerradas como falsas o perturbadoras ÷ ocurrencias cuya fuente dice el resultado. Si ninguna lo dice, sin datos."},
}

// FormulaOf gives the formula of a key, with its thresholds unnamed.
func FormulaOf(key string) (Formula, bool) {
	for _, f := range formulas {
		if f.Key == key {
			return f, true
		}
	}
	return Formula{}, false
}
