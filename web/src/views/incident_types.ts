// Suggestions for the type of an occurrence: generic › specific. Any other text
// may be typed; districts have their own words.
export const incidentTypes = [
  'Delitos contra el patrimonio › Robo',
  'Delitos contra el patrimonio › Robo agravado',
  'Delitos contra el patrimonio › Hurto',
  'Delitos contra el patrimonio › Robo de vehículo',
  'Delitos contra el patrimonio › Extorsión',
  'Delitos contra el patrimonio › Daños a la propiedad',
  'Delitos contra la vida › Lesiones',
  'Delitos contra la vida › Amenaza con arma',
  'Faltas › Pelea callejera',
  'Faltas › Consumo de alcohol en la vía pública',
  'Faltas › Ruidos molestos',
  'Faltas › Persona sospechosa',
  'Tránsito › Accidente de tránsito',
  'Tránsito › Vehículo mal estacionado',
  'Emergencias › Emergencia médica',
  'Emergencias › Incendio',
  'Emergencias › Persona extraviada',
  'Servicios › Falta de alumbrado',
  'Servicios › Apoyo a la PNP',
] as const;
